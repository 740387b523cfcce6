package io.lynx.event;

import java.util.List;

/**
 * A bus at a moment. Immutable. With {@code bus_type = <name>-bus} as the label, {@link #depth} and {@link #capacity} are
 * the metrics {@code lynx_event_queue_depth} and {@code _capacity}; what is counted for an event type is in
 * {@link #topics}, and {@link #refused} is what has no type of its own.
 *
 * @param name its name; metrics call it {@code <name>-bus}
 * @param paused whether it holds its events back
 * @param topics the topics it has seen, by type, at most {@value Bus#MOST_TOPICS}; none ever goes, so counts only grow
 * @param subscriptions who listens, in the order of subscribing
 * @param refused events, since the start, of topics that were one too many: {@link DropReason#TOO_MANY_TOPICS}
 */
public record BusSnapshot(
        String name,
        boolean paused,
        List<TopicSnapshot> topics,
        List<SubscriptionSnapshot> subscriptions,
        long refused) {
    /** Events in all of its queues. */
    public long depth() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::queued).sum();
    }

    /** Places in all of its queues. */
    public long capacity() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::capacity).sum();
    }
}
