package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.PluginContext;
import io.opentelemetry.api.metrics.Meter;
import org.junit.jupiter.api.Test;

/** The code of the guide's page about bridges. */
final class BridgesGuideTest {
    @Test
    void showsWhatAMeterRecords() throws Exception {
        try (OpenTelemetryFixture fixture = OpenTelemetryFixture.started()) {
            PluginContext context = fixture.context;

            // snippet: opentelemetry-meter
            Meter meter = context.resource(OpenTelemetryPlugin.OPEN_TELEMETRY).getMeter("orders");
            meter.counterBuilder("orders.placed").build().add(1);
            // end

            assertThat(fixture.lines("orders_placed_total"))
                    .containsExactly("orders_placed_total{otel_scope_name=\"orders\"} 1.0");
        }
    }
}
