package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/guide/health.md}. */
class HealthGuideTest {
    // snippet: health-plugin
    static final class QueuePlugin implements Plugin {
        private final Queue<String> orders = new ConcurrentLinkedQueue<>();

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders.queue").build();
        }

        @Override
        public void start(PluginContext context) {
            context.healthCheck(
                    "orders.backlog",
                    HealthCheckOptions.defaults().withInterval(Duration.ofSeconds(10)),
                    this::backlog);
        }

        private Health backlog() {
            int waiting = orders.size();
            return waiting < 1_000 ? Health.up() : Health.degraded(waiting + " orders are waiting");
        }
    }
    // end

    @Test
    void theCheckReportsTheBacklog() throws Exception {
        QueuePlugin plugin = new QueuePlugin();
        plugin.orders.addAll(Collections.nCopies(1_000, "order"));
        try (Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .plugin(plugin)
                .build()) {
            application.start();

            Health health =
                    application.health().probe("orders.backlog").orElseThrow().check();

            assertThat(health.status()).isEqualTo(HealthStatus.DEGRADED);
            assertThat(health.error()).isEqualTo("1000 orders are waiting");
        }
    }
}
