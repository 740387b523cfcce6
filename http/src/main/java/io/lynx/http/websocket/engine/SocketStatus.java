package io.lynx.http.websocket.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.engine.telemetry.SocketRecorder;
import io.lynx.http.websocket.CloseStatus;
import org.jspecify.annotations.Nullable;

/** Whether a socket is open, and how it was closed: by whichever end was the first. It is recorded once. Thread-safe. */
final class SocketStatus {
    @GuardedBy("this")
    private @Nullable SocketRecorder recorder;

    private volatile @Nullable CloseStatus closed;
    private volatile long closedAt;

    /** The socket is open from now on, unless it was closed before. */
    synchronized void begin(SocketRecorder begun, long now) {
        recorder = begun;
        begun.opened();
        CloseStatus early = closed;
        if (early != null) {
            closedAt = now;
            begun.closed(early.code());
        }
    }

    /** The socket is closed; has no effect if it was before. Returns whether it was open. */
    synchronized boolean close(CloseStatus how, long now) {
        if (closed != null) {
            return false;
        }
        // Before the status, which the event loop may see at once.
        closedAt = now;
        closed = how;
        if (recorder != null) {
            recorder.closed(how.code());
        }
        return true;
    }

    /** Returns how it was closed; null while it is open. */
    @Nullable
    CloseStatus get() {
        return closed;
    }

    /** Returns for how long it has been closed, in nanoseconds; negative while it is open. */
    long closedFor(long now) {
        return closed == null ? -1 : now - closedAt;
    }
}
