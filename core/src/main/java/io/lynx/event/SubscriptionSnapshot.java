package io.lynx.event;

import java.util.Map;

/**
 * The account of one subscription at a moment. Always, also while events flow:
 * {@code published = processed + deadLettered + every dropped + queued + inHand}. Immutable.
 *
 * @param name its name, unique on its bus
 * @param bus the bus
 * @param types the pattern of types that it is for
 * @param capacity places in its queue
 * @param queued events in the queue
 * @param inHand events that its handler has at the moment, or that wait for a retry
 * @param published events that were for it, replays included
 * @param processed events that its handler took
 * @param deadLettered events that its handler failed on for good
 * @param retried attempts beyond the first
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
    /** The drops of all reasons. */
    public long totalDropped() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
