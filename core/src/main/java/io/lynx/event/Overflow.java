package io.lynx.event;

import java.time.Duration;

/**
 * What happens to an event that finds a subscription's queue full. Immutable.
 *
 * @param policy what happens
 * @param timeout how long a blocked publisher waits at most; zero or more, at most 365 days; zero for the other policies
 */
public record Overflow(Policy policy, Duration timeout) {
    /** The publisher waits for room for at most 5 ms; {@link #upTo} sets another limit. */
    public static final Overflow BLOCK = new Overflow(Policy.BLOCK, Duration.ofMillis(5));

    /** The event that finds no room is dropped. */
    public static final Overflow DROP_NEWEST = new Overflow(Policy.DROP_NEWEST, Duration.ZERO);

    /** The oldest event in the queue makes room. If it is critical and the new event is not, the new event is dropped. */
    public static final Overflow DROP_OLDEST = new Overflow(Policy.DROP_OLDEST, Duration.ZERO);

    /** What happens to an event that finds a queue full. */
    public enum Policy {
        /**
         * The publisher waits for room, and the event is dropped if there is none in time. A handler that publishes to its own
         * subscription does not wait: nothing else could make the room.
         */
        BLOCK,
        /** The new event is dropped. */
        DROP_NEWEST,
        /** The oldest event in the queue is dropped. */
        DROP_OLDEST
    }

    /**
     * Checks the timeout.
     *
     * @throws IllegalArgumentException if it is out of its range
     */
    public Overflow {
        BusOptions.checkDuration("wait of a publisher", timeout);
        timeout = policy == Policy.BLOCK ? timeout : Duration.ZERO;
    }

    /** Returns a copy whose publishers wait for at most {@code atMost}, if the policy is to block. */
    public Overflow upTo(Duration atMost) {
        return new Overflow(policy, atMost);
    }
}
