package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.job.Schedule;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.Policies;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The code of the guides for users of other frameworks. */
class MigrationGuideTest {
    private final AtomicInteger runs = new AtomicInteger();

    private static Application.Builder builder(RecordingPlugin plugin) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(plugin);
    }

    @Test
    void allPoliciesSurroundACall() throws Exception {
        RecordingPlugin plugin = RecordingPlugin.named("orders");
        try (Application application = builder(plugin).build()) {
            application.start();
            PluginContext context = Objects.requireNonNull(plugin.context);

            // snippet: migration-policies
            Policies policies = Policies.builder()
                    .deadline(Duration.ofSeconds(5)) // all attempts together
                    .retry(Retry.builder()
                            .maxAttempts(3)
                            .initialDelay(Duration.ofMillis(500))
                            .build())
                    .circuitBreaker(context.breakers().get("payments"))
                    .rateLimiter(RateLimiter.builder("payments", 50, Duration.ofSeconds(1))
                            .build())
                    .bulkhead(Bulkhead.of("payments", 25, Duration.ZERO))
                    .attemptTimeout(Duration.ofSeconds(1))
                    .scheduler(context.scheduler())
                    .build();
            // end

            assertThat(policies.callIdempotent(() -> "paid")).isEqualTo("paid");
        }
    }

    private void refresh() {
        runs.incrementAndGet();
    }

    private void sendDigest() {
        runs.incrementAndGet();
    }

    @Test
    void jobsRunOnSchedules() {
        RecordingPlugin plugin = RecordingPlugin.starting("orders", context -> {
            // snippet: migration-jobs
            context.schedule("prices.refresh", Schedule.every(Duration.ofSeconds(30)), job -> refresh());
            context.schedule(
                    "prices.digest", Schedule.cron("0 3 * * *").withZone("Europe/Berlin"), job -> sendDigest());
            // end
        });
        try (Application application = builder(plugin).build()) {
            application.start();

            assertThat(application.state()).isEqualTo(ApplicationState.READY);
        }
    }
}
