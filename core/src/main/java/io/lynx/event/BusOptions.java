package io.lynx.event;

import io.lynx.config.Binding;
import io.lynx.event.Subscription.SubscriptionOptions;
import java.time.Duration;

/**
 * The defaults of a bus' subscriptions, and the size of its history. Immutable.
 *
 * @param queueSize places in the queue of each subscription, 1 to 16,777,216
 * @param overflow what happens to an event that finds a queue full
 * @param historySize how many past events are kept, 0 to 1,000,000; 0 for none
 * @param historyAge how long they are kept at most; positive, at most 365 days
 * @param drainTimeout how long closing waits for the subscriptions at most; zero or more, at most 365 days
 */
record BusOptions(int queueSize, Overflow overflow, int historySize, Duration historyAge, Duration drainTimeout) {
    private static final int LARGEST_HISTORY = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(365);

    BusOptions {
        SubscriptionOptions.checkQueue("", queueSize, 0);
        if (historySize < 0 || historySize > LARGEST_HISTORY) {
            throw new IllegalArgumentException(
                    "history of a bus: " + historySize + "; 0 to " + LARGEST_HISTORY + " is allowed");
        }
        checkDuration("age of history", historyAge);
        if (historyAge.isZero()) {
            throw new IllegalArgumentException("age of history: " + historyAge + "; a positive duration is allowed");
        }
        checkDuration("drain timeout of a bus", drainTimeout);
    }

    /** Returns the options of a bus without a history, with the defaults of {@link EventsConfig}. */
    static BusOptions defaults() {
        return Binding.defaults(EventsConfig.class).optionsOf("");
    }

    /** Refuses what cannot be counted in nanoseconds. */
    static void checkDuration(String subject, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    subject + ": " + duration + "; zero or a positive duration of at most 365 days is allowed");
        }
    }

    BusOptions withHistory(int size, Duration age) {
        return new BusOptions(queueSize, overflow, size, age, drainTimeout);
    }

    BusOptions withDrainTimeout(Duration timeout) {
        return new BusOptions(queueSize, overflow, historySize, historyAge, timeout);
    }
}
