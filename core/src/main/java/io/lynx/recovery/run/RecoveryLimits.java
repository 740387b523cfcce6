package io.lynx.recovery.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What a recovery needs to start: a slot, of which there are as many as recoveries may run at once, and a token of the budget
 * over all components. Thread-safe.
 */
final class RecoveryLimits {
    private final int slotCount;
    private final Semaphore slots;
    private final Budget budget;

    /** Abandoned recoveries that keep their slot. */
    @GuardedBy("this")
    private final Set<RecoveryRun> strays = new HashSet<>();

    RecoveryLimits(int slotCount) {
        this.slotCount = slotCount;
        this.slots = new Semaphore(slotCount);
        this.budget = new Budget(slotCount);
    }

    /** Takes a slot and a token, or neither; returns whether it did. */
    boolean tryTake(long now) {
        if (!budget.tryTake(now)) {
            return false;
        }
        if (!slots.tryAcquire()) {
            budget.giveBack();
            return false;
        }
        return true;
    }

    /** Returns the time until the budget has a token; zero if it has one, so that a slot is what is missing. */
    Duration untilToken(long now) {
        return budget.untilToken(now);
    }

    /** Gives a slot back. */
    void releaseSlot() {
        slots.release();
    }

    /** Gives back the token of a recovery that did not do anything. */
    void giveBackToken() {
        budget.giveBack();
    }

    /** Lets an abandoned recovery keep its slot, as long as abandoned ones hold at most half of the slots. */
    synchronized void abandon(RecoveryRun run) {
        if (strays.size() < slotCount / 2) {
            strays.add(run);
        } else {
            slots.release();
        }
    }

    /** Gives back the slot that an abandoned recovery kept, if it did. */
    synchronized void strayEnded(RecoveryRun run) {
        if (strays.remove(run)) {
            slots.release();
        }
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    /**
     * A token bucket over all components, so that a wave of errors does not become a wave of recoveries: ten recoveries a
     * minute for each slot. Thread-safe.
     */
    private static final class Budget {
        private static final int TOKENS_PER_SLOT = 10;
        private static final double MINUTE = Duration.ofMinutes(1).toNanos();

        private final double capacity;

        @GuardedBy("this")
        private double tokens;

        @GuardedBy("this")
        private long filledAt;

        Budget(int slots) {
            this.capacity = (double) slots * TOKENS_PER_SLOT;
            this.tokens = capacity;
        }

        synchronized boolean tryTake(long now) {
            fill(now);
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }

        synchronized void giveBack() {
            tokens = Math.min(capacity, tokens + 1);
        }

        synchronized Duration untilToken(long now) {
            fill(now);
            return tokens >= 1
                    ? Duration.ZERO
                    : Duration.ofNanos((long) Math.ceil((1 - tokens) * MINUTE / capacity) + 1);
        }

        @GuardedBy("this")
        private void fill(long now) {
            long passed = now - filledAt;
            if (passed > 0) {
                tokens = Math.min(capacity, tokens + passed / MINUTE * capacity);
                filledAt = now;
            }
        }
    }
}
