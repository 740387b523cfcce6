package io.lynx.transport;

import io.lynx.app.ApplicationView;
import io.lynx.config.Config.ConfigEntry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A listener to be made by an {@link Engine}. Immutable and, as far as its parts are, thread-safe.
 *
 * @param config its address and limits
 * @param handler the protocol; it receives every stream
 * @param observer receives what happens outside of streams
 * @param gate closes a port to new handshakes while those already made are still accepted; returns whether it did
 * @param ticker the clock of its time limits
 * @param scheduler runs its time limits; null for the event loops' own timers
 * @param clock the time of day in the header {@code Date}
 * @param origins where the value of a key comes from, for messages
 */
public record ListenerSpec(
        ListenerConfig config,
        StreamHandler handler,
        ListenerObserver observer,
        IntPredicate gate,
        Ticker ticker,
        @Nullable Scheduler scheduler,
        InstantSource clock,
        UnaryOperator<String> origins) {
    /** Returns where the values of an application's configuration come from, such as {@code config.yml:7}. */
    public static UnaryOperator<String> origins(PluginContext context) {
        return key -> context.findResource(ApplicationView.KEY).stream()
                .flatMap(application -> application.configuration().stream())
                .filter(entry -> entry.key().equals(key))
                .map(ConfigEntry::source)
                .findFirst()
                .orElse("set by code");
    }
}
