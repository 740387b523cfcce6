package io.lynx.recovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often one component was restarted of late, as the supervisors of OTP count it: so many within a period are allowed
 * and one more is not. Thread-safe.
 */
final class RestartIntensity {
    private final int most;
    private final long windowNanos;

    @GuardedBy("this")
    private final Deque<Long> restarts = new ArrayDeque<>();

    RestartIntensity(int most, Duration window) {
        this.most = most;
        this.windowNanos = window.toNanos();
    }

    /** Counts a restart; returns false, and counts nothing, if there have been too many. */
    synchronized boolean tryRestart(long now) {
        if (count(now) >= most) {
            return false;
        }
        restarts.addLast(now);
        return true;
    }

    /** Whether another restart would be too many. */
    synchronized boolean isExhausted(long now) {
        return count(now) >= most;
    }

    /** Why a component is given up for which another restart would be too many. */
    String tooMany() {
        return most + " restarts within " + Duration.ofNanos(windowNanos).toSeconds() + "s did not help";
    }

    /** How many there were within the window. */
    synchronized int count(long now) {
        while (!restarts.isEmpty() && now - restarts.getFirst() >= windowNanos) {
            restarts.removeFirst();
        }
        return restarts.size();
    }

    synchronized void reset() {
        restarts.clear();
    }
}
