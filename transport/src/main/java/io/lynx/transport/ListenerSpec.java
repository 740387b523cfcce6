package io.lynx.transport;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.function.IntPredicate;
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
 */
public record ListenerSpec(
        ListenerConfig config,
        StreamHandler handler,
        ListenerObserver observer,
        IntPredicate gate,
        Ticker ticker,
        @Nullable Scheduler scheduler,
        InstantSource clock) {}
