package io.lynx.http;

import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;

/**
 * How an {@link EventStream} behaves. Immutable; each {@code with} method returns a changed copy.
 *
 * @param heartbeat after which time without events a comment is sent; zero for never
 * @param maxPending how many bytes may wait for a client; one that is slower is made to wait by {@link EventStream#send} and
 *     disconnected by {@link EventStream#offer}
 * @param onDrain receives the beginning of the server's shutdown; if empty, the stream ends at once, with a comment
 */
public record EventStreamOptions(Duration heartbeat, Size maxPending, Optional<DrainCallback> onDrain) {
    private static final int LEAST_PENDING = 1024;
    private static final int MOST_PENDING = 1024 * 1024;

    /**
     * Options with these components.
     *
     * @throws IllegalArgumentException if the heartbeat is negative or the number of bytes not 1 KiB to 1 MiB
     */
    public EventStreamOptions {
        if (heartbeat.isNegative()) {
            throw new IllegalArgumentException("heartbeat of events: " + heartbeat + "; zero or more");
        }
        if (maxPending.bytes() < LEAST_PENDING || maxPending.bytes() > MOST_PENDING) {
            throw new IllegalArgumentException("pending events: " + maxPending + "; 1KiB to 1MiB");
        }
    }

    /** Returns a heartbeat every 15 seconds, 256 KiB that may wait, and an end at the beginning of a shutdown. */
    public static EventStreamOptions defaults() {
        return new EventStreamOptions(Duration.ofSeconds(15), new Size(256 * 1024), Optional.empty());
    }

    /**
     * Returns a copy with another heartbeat; zero for none. It is accurate to a second.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public EventStreamOptions withHeartbeat(Duration time) {
        return new EventStreamOptions(time, maxPending, onDrain);
    }

    /**
     * Returns a copy with another number of bytes that may wait for a client.
     *
     * @throws IllegalArgumentException if it is not 1 KiB to 1 MiB
     */
    public EventStreamOptions withMaxPending(long bytes) {
        return new EventStreamOptions(heartbeat, new Size(bytes), onDrain);
    }

    /** Returns a copy whose callback is notified of a shutdown and ends the stream itself, in its share of the time. */
    public EventStreamOptions withOnDrain(DrainCallback callback) {
        return new EventStreamOptions(heartbeat, maxPending, Optional.of(callback));
    }
}
