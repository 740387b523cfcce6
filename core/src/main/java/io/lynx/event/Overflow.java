package io.lynx.event;

import java.time.Duration;

/** What happens to an event that finds a subscriber's queue full. Immutable. */
public sealed interface Overflow {
    /** The publisher waits for room, 5 ms at most; {@link Block#upTo} sets another bound. */
    Block BLOCK = new Block(Duration.ofMillis(5));

    /** The event that finds no room is dropped. */
    DropNewest DROP_NEWEST = new DropNewest();

    /**
     * The oldest event in the queue makes room. A critical one gives way to a critical one only: if it is the oldest, a
     * lesser newcomer is dropped.
     */
    DropOldest DROP_OLDEST = new DropOldest();

    /**
     * The publisher waits for room, and the event is dropped if there is none in time. A subscriber that publishes to
     * itself is not kept waiting: nobody but it could make the room.
     *
     * @param timeout how long at most; zero or more
     */
    record Block(Duration timeout) implements Overflow {
        /** @throws IllegalArgumentException if the timeout is negative */
        public Block {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "wait of a publisher: " + timeout + "; zero or a positive duration is allowed");
            }
        }

        /** The same, waiting at most that long. */
        public Block upTo(Duration atMost) {
            return new Block(atMost);
        }
    }

    /** See {@link #DROP_NEWEST}. */
    record DropNewest() implements Overflow {}

    /** See {@link #DROP_OLDEST}. */
    record DropOldest() implements Overflow {}
}
