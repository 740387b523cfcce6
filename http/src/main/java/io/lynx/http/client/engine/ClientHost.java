package io.lynx.http.client.engine;

import io.lynx.app.ApplicationView;
import io.lynx.context.Tracing;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.Engine;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an application that a client uses. Immutable and thread-safe.
 *
 * @param metrics null to measure nothing
 * @param owned what is closed with the client
 */
public record ClientHost(
        Engine engine,
        ClientRuntime runtime,
        JsonCodec json,
        CircuitBreakers breakers,
        @Nullable MetricRegistry metrics,
        List<AutoCloseable> owned) {
    /** Returns the parts of the application that {@code context} belongs to. */
    public static ClientHost of(PluginContext context) {
        ClientRuntime runtime = new ClientRuntime(
                context.ticker(),
                context.clock(),
                context.findResource(ApplicationView.DEADLINES).orElseGet(context::scheduler),
                context.threads(),
                context.findResource(Tracing.KEY).orElse(null));
        return new ClientHost(
                Engine.of(context),
                runtime,
                context.json(),
                context.breakers(),
                context.metrics().registry(),
                List.of());
    }

    /** Returns parts of their own. */
    public static ClientHost standalone() {
        SystemScheduler scheduler = new SystemScheduler("lynx-client-timer", Runnable::run);
        ClientRuntime runtime = new ClientRuntime(
                Ticker.system(),
                InstantSource.system(),
                scheduler,
                Thread.ofVirtual().name("lynx-client-", 1).factory(),
                null);
        return new ClientHost(
                Engine.create(),
                runtime,
                JsonCodec.installed(),
                CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                null,
                List.of(scheduler));
    }
}
