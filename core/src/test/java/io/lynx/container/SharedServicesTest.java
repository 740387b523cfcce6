package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.PluginContext;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What all plugins share: one of them cannot close it for the others. */
class SharedServicesTest {
    @Test
    void cannotBeClosedByAPlugin() throws Exception {
        ContainerFixture fixture = new ContainerFixture();
        FakePlugin orders = fixture.add("orders");
        fixture.start();
        PluginContext context = Objects.requireNonNull(orders.context);

        assertThat(List.<Object>of(
                        context.events(),
                        context.breakers(),
                        context.metrics(),
                        context.recovery(),
                        context.scheduler()))
                .noneMatch(AutoCloseable.class::isInstance);
    }
}
