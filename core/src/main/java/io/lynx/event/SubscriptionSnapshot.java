package io.lynx.event;

import java.util.Map;

/**
 * The account of one subscription at one moment. Always, also while events flow:
 * {@code published = processed + deadLettered + every dropped + queued + inHand}. Immutable.
 *
 * @param name its name, unique on its bus
 * @param bus the bus
 * @param types the type or pattern of types that it receives
 * @param capacity places in its queue
 * @param queued events in the queue
 * @param inHand events that its handler is processing, or that wait for a redelivery
 * @param published events that matched it, replays included
 * @param processed events that its handler processed
 * @param deadLettered events that became dead letters
 * @param retried redeliveries
 * @param dropped events that never reached its handler, by reason; reasons that did not occur are missing
 */
public record SubscriptionSnapshot(
        String name,
        String bus,
        String types,
        int capacity,
        long queued,
        long inHand,
        long published,
        long processed,
        long deadLettered,
        long retried,
        Map<DropReason, Long> dropped) {
    /** Returns the drops of all reasons. */
    public long totalDropped() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
