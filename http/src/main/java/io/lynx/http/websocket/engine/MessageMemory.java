package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the messages that clients have sent in part, or that have not been received, over all sockets of the process: by a share of
 * the heap. Beyond it small messages are accepted all the same; their sum is bounded by the number of sockets. Thread-safe.
 */
final class MessageMemory {
    static final MessageMemory SHARED = new MessageMemory(Runtime.getRuntime().maxMemory() / 8);

    /** Bytes of the largest message that is always accepted. */
    static final int SMALL = 16 * 1024;

    private final AtomicLong used = new AtomicLong();
    private final long most;

    MessageMemory(long most) {
        this.most = most;
    }

    /**
     * Takes {@code more} bytes for a message.
     *
     * @throws WebSocketException (1013) if too many are taken, and the message is not small
     */
    void take(int more, int sizeOfMessage) {
        if (used.addAndGet(more) > most && sizeOfMessage > SMALL) {
            used.addAndGet(-more);
            throw new WebSocketException(
                    CloseStatus.TRY_AGAIN_LATER, "the server holds too many messages; send it again later");
        }
    }

    /** Gives bytes back. */
    void release(int bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
