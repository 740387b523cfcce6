package io.lynx.recovery;

import java.time.Duration;

/**
 * A token bucket over all components, so that a wave of errors does not become a wave of recoveries: ten recoveries a
 * minute for each that may run at a time. For the dispatching thread only.
 */
final class RecoveryBudget {
    private static final int PER_SLOT = 10;
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final double capacity;
    private double tokens;
    private long filledAt;

    RecoveryBudget(int slots, long now) {
        this.capacity = (double) slots * PER_SLOT;
        this.tokens = capacity;
        this.filledAt = now;
    }

    /** Takes a token, if there is one. */
    boolean tryTake(long now) {
        fill(now);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Returns a token that was not used. */
    void giveBack() {
        tokens = Math.min(capacity, tokens + 1);
    }

    /** How long until there is a token. */
    Duration untilToken(long now) {
        fill(now);
        return Duration.ofNanos((long) Math.ceil(Math.max(0, 1 - tokens) * MINUTE / capacity) + 1);
    }

    private void fill(long now) {
        long passed = now - filledAt;
        if (passed > 0) {
            tokens = Math.min(capacity, tokens + passed / MINUTE * capacity);
            filledAt = now;
        }
    }
}
