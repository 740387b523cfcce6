package io.lynx.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** One call that is interrupted when its time is over: decides the race between its end and its timer. Thread-safe. */
final class Attempt {
    private final Thread caller;
    private final @Nullable Attempt outer;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean ended;

    @GuardedBy("lock")
    private boolean expired;

    Attempt(Thread caller, @Nullable Attempt outer) {
        this.caller = caller;
        this.outer = outer;
    }

    /** Interrupts the caller because the time is over, unless the call has ended. */
    void expire() {
        synchronized (lock) {
            if (!ended) {
                expired = true;
                caller.interrupt();
            }
        }
    }

    /** Ends the call: no interrupt comes after this. Returns whether one came before, and clears it. */
    boolean end() {
        synchronized (lock) {
            ended = true;
            if (!expired) {
                return false;
            }
        }
        Thread.interrupted();
        if (outer != null && outer.hasExpired()) {
            caller.interrupt();
        }
        return true;
    }

    private boolean hasExpired() {
        synchronized (lock) {
            return expired || (outer != null && outer.hasExpired());
        }
    }
}
