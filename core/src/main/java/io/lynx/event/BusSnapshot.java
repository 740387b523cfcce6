package io.lynx.event;

import java.util.List;

/**
 * The account of a bus at one moment. Immutable.
 *
 * @param name its name; metrics call it {@code <name>-bus}
 * @param paused whether delivery is paused
 * @param topics the topics that were published or subscribed to, by type; none is ever removed, so counts only grow
 * @param subscriptions its subscriptions, in the order of subscribing
 * @param refused events of topics beyond the limit: {@link DropReason#TOO_MANY_TOPICS}
 */
public record BusSnapshot(
        String name,
        boolean paused,
        List<TopicSnapshot> topics,
        List<SubscriptionSnapshot> subscriptions,
        long refused) {
    /** Returns the number of events in all of its queues. */
    public long depth() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::queued).sum();
    }

    /** Returns the number of places in all of its queues. */
    public long capacity() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::capacity).sum();
    }
}
