package io.lynx.transport.engine.connection;

import io.lynx.time.Deadline;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a listener's long-lived streams: they are notified when it begins, say goodbye when half of its time is over, and
 * are cut off a moment later, so that an open stream never holds up a shutdown for its whole budget. Thread-safe.
 */
public final class LongLivedDrain {
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(1);

    private final ListenerState state;
    private volatile @Nullable Deadline goodbye;
    private volatile @Nullable Deadline cut;

    LongLivedDrain(ListenerState state) {
        this.state = state;
    }

    /** Begins; returns when the streams say goodbye. */
    public Deadline begin(Deadline whole, EventLoop timer) {
        Duration half = whole.remaining().dividedBy(2);
        Duration farewell = half.dividedBy(2).compareTo(LONGEST_FAREWELL) < 0 ? half.dividedBy(2) : LONGEST_FAREWELL;
        Deadline end = whole.atMost(half);
        goodbye = end;
        cut = whole.atMost(half.plus(farewell));
        after(half, timer, VertxStream::sayGoodbye);
        after(half.plus(farewell), timer, VertxStream::cutLongLived);
        return end;
    }

    private void after(Duration time, EventLoop timer, Consumer<VertxStream> action) {
        state.timer().after(time.toNanos(), timer, () -> state.connections()
                .forEach(connection ->
                        connection.onLoop(() -> connection.streams().forEach(action))));
    }

    /** Notifies a stream that has become long-lived, if the drain has begun. On its event loop. */
    public void begin(VertxStream stream) {
        Deadline end = goodbye;
        if (end != null) {
            stream.drainBegan(end);
            if (end.isExpired()) {
                stream.sayGoodbye();
            }
        }
    }

    /** Waits for what still runs for long-lived streams, until they have been cut off at most. */
    public void awaitNone(Deadline whole) throws InterruptedException {
        Deadline end = cut;
        boolean _ = state.inFlight().longLived().awaitNone(end == null ? whole : end);
    }
}
