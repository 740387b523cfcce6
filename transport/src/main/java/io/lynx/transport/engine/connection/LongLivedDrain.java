package io.lynx.transport.engine.connection;

import io.lynx.time.Deadline;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a listener's long-lived streams: they are notified when it begins, say goodbye when half of its time is over, and
 * are cut off a moment later, so that an open stream never holds up a shutdown for its whole budget. Thread-safe.
 */
public final class LongLivedDrain {
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(1);

    private final ListenerState state;
    private volatile @Nullable Times times;

    /** Streams that have begun after the goodbye of the others, and are cut off later than they. */
    private final Set<VertxStream> late = ConcurrentHashMap.newKeySet();

    /**
     * The times of a drain that has begun.
     *
     * @param farewell how long a stream may still take after its goodbye
     * @param timer measures it
     */
    private record Times(Deadline goodbye, Deadline cut, Duration farewell, EventLoop timer) {}

    LongLivedDrain(ListenerState state) {
        this.state = state;
    }

    /** Begins; returns when the streams say goodbye. */
    public Deadline begin(Deadline whole, EventLoop timer) {
        Duration half = whole.remaining().dividedBy(2);
        Duration farewell = half.dividedBy(2).compareTo(LONGEST_FAREWELL) < 0 ? half.dividedBy(2) : LONGEST_FAREWELL;
        Deadline end = whole.atMost(half);
        times = new Times(end, whole.atMost(half.plus(farewell)), farewell, timer);
        after(half, timer, VertxStream::sayGoodbye);
        after(half.plus(farewell), timer, this::cutUnlessLate);
        return end;
    }

    private void cutUnlessLate(VertxStream stream) {
        if (!late.contains(stream)) {
            stream.cutLongLived();
        }
    }

    private void cutLate(VertxStream stream) {
        late.remove(stream);
        stream.onEventLoop(stream::cutLongLived);
    }

    private void after(Duration time, EventLoop timer, Consumer<VertxStream> action) {
        state.timer().after(time.toNanos(), timer, () -> state.connections()
                .forEach(connection ->
                        connection.onLoop(() -> connection.streams().forEach(action))));
    }

    /** Notifies a stream that has become long-lived, if the drain has begun. On its event loop. */
    public void begin(VertxStream stream) {
        Times begun = times;
        if (begun != null) {
            stream.drainBegan(begun.goodbye());
            if (begun.goodbye().isExpired()) {
                // Its own time, since the others may have been cut off already, or are being cut off now.
                late.add(stream);
                state.timer().after(begun.farewell().toNanos(), begun.timer(), () -> cutLate(stream));
                stream.sayGoodbye();
            }
        }
    }

    /** Waits for what still runs for long-lived streams, until they have been cut off at most. */
    public void awaitNone(Deadline whole) throws InterruptedException {
        Times begun = times;
        boolean _ = state.inFlight().longLived().awaitNone(begun == null ? whole : begun.cut());
    }
}
