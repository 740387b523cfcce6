package io.lynx.transport.engine.connection;

import io.lynx.plugin.LongLived;
import io.lynx.time.Deadline;
import io.lynx.transport.DrainListener;

/** The drain of one long-lived stream: each of its notifications is made once. Belongs to the event loop. */
final class StreamDrain {
    private final DrainListener listener;
    private final LongLived counts;
    private boolean begun;
    private boolean over;
    private boolean counted;

    StreamDrain(DrainListener listener, LongLived counts) {
        this.listener = listener;
        this.counts = counts;
    }

    void begin(Deadline goodbye) {
        if (!begun) {
            begun = true;
            listener.draining(goodbye);
        }
    }

    void end() {
        if (!over) {
            over = true;
            recordEnded();
            listener.goodbye();
        }
    }

    /** Counts the stream as ended by the drain. */
    void recordEnded() {
        if (!counted) {
            counted = true;
            counts.recordEnded();
        }
    }
}
