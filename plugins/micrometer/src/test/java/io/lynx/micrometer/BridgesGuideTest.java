package io.lynx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.PluginContext;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

/** The code of the guide's page about bridges. */
final class BridgesGuideTest {
    @Test
    void showsWhatTheRegistryRecords() throws Exception {
        try (MicrometerFixture fixture = MicrometerFixture.started()) {
            PluginContext context = fixture.context;

            // snippet: micrometer-registry
            MeterRegistry meters = context.resource(MicrometerPlugin.REGISTRY);
            meters.counter("orders.placed", "region", "north").increment();
            // end

            assertThat(fixture.lines("orders_placed_total"))
                    .containsExactly("orders_placed_total{region=\"north\"} 1.0");
        }
    }
}
