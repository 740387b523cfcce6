package io.lynx.transport;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A listener to be made by an {@link Engine}.
 *
 * @param config its address and limits
 * @param handlers the protocols, in the order in which they are offered a stream; the last one accepts every stream
 * @param observer receives what happens outside of streams
 * @param gate closes a port to new handshakes while those already made are still accepted; returns whether it did
 * @param ticker the clock of its time limits
 * @param scheduler runs its time limits; null for the event loops' own timers
 * @param clock the time of day in the header {@code Date}
 */
public record ListenerSpec(
        ListenerConfig config,
        List<StreamHandler> handlers,
        ListenerObserver observer,
        IntPredicate gate,
        Ticker ticker,
        @Nullable Scheduler scheduler,
        InstantSource clock) {}
