package io.lynx.benchmarks.health;

import io.lynx.app.Lynx;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteOptions;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A service with 200 health checks: 149 pass at once, 50 hang and ignore interrupts, and one, {@code switch}, follows
 * {@code PUT /switch/up} and {@code /switch/down}. {@code GET /held} returns the number of runs that hang at the moment.
 */
public final class ManyChecksService {
    static final int CHECKS = 200;
    static final int HANGING = 50;
    static final Duration INTERVAL = Duration.ofMillis(200);
    static final Duration TIMEOUT = Duration.ofMillis(100);

    private ManyChecksService() {}

    /** Runs it. */
    public static void main(String[] args) {
        AtomicInteger held = new AtomicInteger();
        AtomicBoolean isUp = new AtomicBoolean(true);
        Lynx.run(args, app -> app.plugin(HttpServer.with(http -> http.get(
                                "/held", (_, response) -> response.send(String.valueOf(held.get())))
                        .put("/switch/up", (_, response) -> {
                            isUp.set(true);
                            response.send("up");
                        })
                        .put("/switch/down", (_, response) -> {
                            isUp.set(false);
                            response.send("down");
                        })
                        .get("/nothing", RouteOptions.nonBlocking(), (_, response) -> response.send("nothing"))))
                .plugin(new Checks(held, isUp)));
    }

    private record Checks(AtomicInteger held, AtomicBoolean isUp) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("checks").build();
        }

        @Override
        public void start(PluginContext context) {
            HealthCheckOptions shown = HealthCheckOptions.defaults()
                    .withCriticality(Criticality.INFO)
                    .withInterval(INTERVAL)
                    .withTimeout(TIMEOUT);
            for (int i = 0; i < HANGING; i++) {
                context.healthCheck("hanging-" + i, shown, this::hang);
            }
            for (int i = 0; i < CHECKS - HANGING - 1; i++) {
                context.healthCheck("passing-" + i, shown, Health::up);
            }
            context.healthCheck(
                    "switch",
                    HealthCheckOptions.defaults()
                            .withInterval(INTERVAL)
                            .withTimeout(TIMEOUT)
                            .withThresholds(1, 1),
                    () -> isUp.get() ? Health.up() : Health.down("switched off"));
        }

        private Health hang() {
            held.incrementAndGet();
            while (true) {
                LockSupport.park(this);
                boolean _ = Thread.interrupted();
            }
        }
    }
}
