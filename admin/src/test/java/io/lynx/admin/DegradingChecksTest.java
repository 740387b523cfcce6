package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check that may only degrade the service never takes the instance out of traffic, whatever recovery makes of its failures. */
class DegradingChecksTest {
    /** A plugin whose check returns DOWN or throws: its own, or an additional one. */
    private record Failing(boolean isOwn, boolean throwsFailure, AtomicInteger starts) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("search").build();
        }

        @Override
        public void start(PluginContext context) {
            int _ = starts.incrementAndGet();
            if (!isOwn) {
                var _ = context.healthCheck(
                        "index", HealthCheckOptions.defaults().withCriticality(Criticality.DEGRADING), this::fail);
            }
        }

        @Override
        public Health health() {
            return isOwn ? fail() : Health.up();
        }

        private Health fail() {
            if (throwsFailure) {
                throw new IllegalStateException("the index is broken");
            }
            return Health.down("the index is broken");
        }
    }

    private static LynxTest.Builder service(Failing failing) {
        return LynxTest.of(
                        new AdminPlugin(),
                        new ServicePages(),
                        HttpServer.with(http -> http.get("/", (_, response) -> response.send("served"))),
                        failing)
                .with("lynx.http.port", "0")
                .with("lynx.metrics.prometheus.port", "0");
    }

    private static void assertReady(LynxTest lynx) {
        HttpReply ready = lynx.get("/health/ready");
        assertThat(ready.status()).as(ready.body()).isEqualTo(200);
        assertThat(lynx.get("/").body()).isEqualTo("served");
    }

    /** Recovery restarts the plugin for an exception of its own check, and for nothing else. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void theInstanceStaysReady(boolean isOwn, boolean throwsFailure) {
        Failing failing = new Failing(isOwn, throwsFailure, new AtomicInteger());
        int starts = isOwn && throwsFailure ? 2 : 1;
        try (LynxTest lynx = service(failing)
                .with("lynx.health_check.interval", "100ms")
                .with("lynx.health_check.failure_threshold", "1")
                .start()) {
            Await.until("the check has failed", Duration.ofMinutes(1), Duration.ofMillis(20), () -> {
                assertReady(lynx);
                String report = lynx.get("/health").body();
                return report.contains("DEGRADED")
                        && report.contains("the index is broken")
                        && failing.starts().get() >= starts;
            });

            for (int i = 0; i < 20; i++) {
                assertReady(lynx);
            }
            assertThat(failing.starts().get() > 1).isEqualTo(starts > 1);
        }
    }
}
