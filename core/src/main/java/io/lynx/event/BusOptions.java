package io.lynx.event;

import java.time.Duration;

/**
 * What a bus gives its subscriptions that do not say otherwise, and what it remembers. Immutable.
 *
 * @param queueSize places in the queue of each subscription, 1 to 16,777,216
 * @param overflow what happens to an event that finds a queue full
 * @param historySize how many past events are kept, 0 to 1,000,000; 0 for none
 * @param historyAge for how long at most; positive
 * @param drainTimeout how long a closing bus waits for its subscribers at most; zero or more
 */
public record BusOptions(
        int queueSize, Overflow overflow, int historySize, Duration historyAge, Duration drainTimeout) {
    /** Queues of 1024, publishers that wait up to 5 ms, no history, 5 s to close. */
    public static final BusOptions DEFAULTS =
            new BusOptions(1024, Overflow.BLOCK, 0, Duration.ofHours(24), Duration.ofSeconds(5));

    private static final int LARGEST_HISTORY = 1_000_000;

    /** @throws IllegalArgumentException if a value is out of its range */
    public BusOptions {
        SubscriptionOptions.of(queueSize, overflow);
        if (historySize < 0 || historySize > LARGEST_HISTORY) {
            throw new IllegalArgumentException(
                    "history of a bus: " + historySize + "; 0 to " + LARGEST_HISTORY + " is allowed");
        }
        if (!historyAge.isPositive()) {
            throw new IllegalArgumentException("age of history: " + historyAge + "; a positive duration is allowed");
        }
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "drain timeout of a bus: " + drainTimeout + "; zero or a positive duration is allowed");
        }
    }

    /** The same with queues of that size. */
    public BusOptions queueSize(int places) {
        return new BusOptions(places, overflow, historySize, historyAge, drainTimeout);
    }

    /** The same with that policy. */
    public BusOptions overflow(Overflow policy) {
        return new BusOptions(queueSize, policy, historySize, historyAge, drainTimeout);
    }

    /** The same with a history of so many events, kept for at most that long. */
    public BusOptions history(int size, Duration age) {
        return new BusOptions(queueSize, overflow, size, age, drainTimeout);
    }

    /** The same, closing within that time. */
    public BusOptions drainTimeout(Duration timeout) {
        return new BusOptions(queueSize, overflow, historySize, historyAge, timeout);
    }
}
