package io.lynx.http.websocket.engine;

import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.websocket.WebSocketOptions;

/** The time limits of one socket, as far as they concern what the client sends. Belongs to the event loop. */
final class Liveness {
    /** Bytes of a message that count as progress. */
    private static final int PIECE = 64 * 1024;

    private final long idleTimeout;
    private long heardAt;
    private boolean isPinged;
    private long movedAt;
    private int movedSize;
    private int movedSteps;
    private boolean isWithinMessage;

    /** What is to be done. */
    enum Verdict {
        FINE,
        /** Nothing has arrived for half of the time. */
        PING,
        /** Nothing has arrived for the whole time. */
        SILENT,
        /** The next piece of a message does not arrive. */
        STALLED
    }

    Liveness(WebSocketOptions options) {
        this.idleTimeout = RequestTimeLimit.nanos(options.idleTimeout());
    }

    /** Something has arrived, or the server begins to read. */
    void heard(long now) {
        heardAt = now;
        isPinged = false;
    }

    /** Begins the time of a message anew: it has ended, or the server does not read. */
    void restart() {
        isWithinMessage = false;
    }

    Verdict check(long now, FrameReader reader, long stallTimeout) {
        if (!reader.isWithinMessage()) {
            isWithinMessage = false;
        } else if (!isWithinMessage || reader.steps() != movedSteps || reader.size() - movedSize >= PIECE) {
            isWithinMessage = true;
            movedAt = now;
            movedSize = reader.size();
            movedSteps = reader.steps();
        } else if (now - movedAt > stallTimeout) {
            return Verdict.STALLED;
        }
        if (idleTimeout == 0 || now - heardAt < idleTimeout / 2) {
            return Verdict.FINE;
        }
        if (now - heardAt >= idleTimeout) {
            return Verdict.SILENT;
        }
        boolean isDue = !isPinged;
        isPinged = true;
        return isDue ? Verdict.PING : Verdict.FINE;
    }
}
