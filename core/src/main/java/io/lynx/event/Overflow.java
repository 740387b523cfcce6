package io.lynx.event;

import java.time.Duration;

/** What happens to an event that finds a subscription's queue full. Immutable. */
public sealed interface Overflow {
    /** The publisher waits for room for at most 5 ms; {@link Block#upTo} sets another limit. */
    Block BLOCK = new Block(Duration.ofMillis(5));

    /** The event that finds no room is dropped. */
    DropNewest DROP_NEWEST = new DropNewest();

    /** The oldest event in the queue makes room. If it is critical and the new event is not, the new event is dropped. */
    DropOldest DROP_OLDEST = new DropOldest();

    /**
     * The publisher waits for room, and the event is dropped if there is none in time. A handler that publishes to its own
     * subscription does not wait: nothing else could make the room.
     *
     * @param timeout the longest wait; zero or more, at most 365 days
     */
    record Block(Duration timeout) implements Overflow {
        /** @throws IllegalArgumentException if the timeout is out of its range */
        public Block {
            BusOptions.checkDuration("wait of a publisher", timeout);
        }

        /** Returns a copy that waits for at most {@code atMost}. */
        public Block upTo(Duration atMost) {
            return new Block(atMost);
        }
    }

    /** See {@link #DROP_NEWEST}. */
    record DropNewest() implements Overflow {}

    /** See {@link #DROP_OLDEST}. */
    record DropOldest() implements Overflow {}
}
