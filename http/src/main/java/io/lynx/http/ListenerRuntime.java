package io.lynx.http;

import io.lynx.app.ApplicationView;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.Engine;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerObserver;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.StreamHandler;
import java.time.InstantSource;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a listener runs on: the time, the event loops and the JSON of its application, or the system's if it has none.
 *
 * @param scheduler runs its time limits; null for one of its own
 * @param origins where a configuration value comes from
 */
record ListenerRuntime(
        Ticker ticker,
        @Nullable Scheduler scheduler,
        InstantSource clock,
        Supplier<Engine> engine,
        UnaryOperator<String> origins,
        JsonCodec json) {
    static ListenerRuntime system() {
        return new ListenerRuntime(
                Ticker.system(),
                null,
                InstantSource.system(),
                Engine::create,
                _ -> "set by code",
                JsonCodec.installed());
    }

    static ListenerRuntime of(PluginContext context) {
        return new ListenerRuntime(
                context.ticker(),
                context.findResource(ApplicationView.DEADLINES).orElseGet(context::scheduler),
                context.clock(),
                () -> Engine.of(context),
                ListenerSpec.origins(context),
                context.json());
    }

    ListenerRuntime withTicker(Ticker other) {
        return new ListenerRuntime(other, scheduler, clock, engine, origins, json);
    }

    ListenerRuntime withJson(JsonCodec other) {
        return new ListenerRuntime(ticker, scheduler, clock, engine, origins, other);
    }

    /** Returns a listener, which is not open. */
    <P extends StreamHandler & ListenerObserver> Listener listener(
            ListenerConfig config, P protocol, IntPredicate gate) {
        return engine.get()
                .listener(new ListenerSpec(config, protocol, protocol, gate, ticker, scheduler, clock, origins));
    }
}
