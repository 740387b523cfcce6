package io.lynx.grpc.engine;

import io.lynx.plugin.InFlight;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that were accepted for the services of one plugin: from the moment their head was read until nothing runs for them.
 * Thread-safe.
 */
final class AcceptedCalls {
    private final InFlight inFlight = new InFlight();
    private final Set<LastingCall> lasting = ConcurrentHashMap.newKeySet();
    private volatile boolean refused;

    void begin() {
        inFlight.begin();
    }

    /** A call was not accepted after all. */
    void withdraw() {
        inFlight.end();
    }

    /** Nothing runs for a call any more; {@code call} is null if it is unary. */
    void end(@Nullable LastingCall call) {
        if (call != null) {
            lasting.remove(call);
        }
        inFlight.end();
    }

    /** A streaming call, which does not end by itself, has begun. */
    void beginLasting(LastingCall call) {
        lasting.add(call);
        if (refused) {
            call.endForRestart();
        }
    }

    /**
     * Waits until every call has ended. The streaming ones are notified, get half of the time, and are ended then; what is left at the
     * deadline is answered with {@code UNAVAILABLE}.
     */
    void finish(Deadline deadline) throws InterruptedException {
        Deadline half = deadline.atMost(Duration.ofNanos(Math.max(0, deadline.remainingNanos() / 2)));
        lasting.forEach(call -> call.draining(half));
        try {
            if (!inFlight.awaitNone(half)) {
                lasting.forEach(LastingCall::endForRestart);
                boolean _ = inFlight.awaitNone(deadline);
            }
        } finally {
            refuse();
        }
    }

    /** Answers the calls that are left with {@code UNAVAILABLE}. */
    void refuse() {
        refused = true;
        lasting.forEach(LastingCall::endForRestart);
    }

    /** Whether the calls that are left are answered with {@code UNAVAILABLE}. */
    boolean areRefused() {
        return refused;
    }
}
