package io.lynx.event;

import java.util.List;

/**
 * A bus at a moment. Immutable.
 *
 * @param name its name; metrics call it {@code <name>-bus}
 * @param paused whether it holds its events back
 * @param topics the topics it has seen, by type
 * @param subscriptions who listens, in the order of subscribing
 */
public record BusSnapshot(
        String name, boolean paused, List<TopicSnapshot> topics, List<SubscriptionSnapshot> subscriptions) {
    /** Events in all of its queues. */
    public long depth() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::queued).sum();
    }

    /** Places in all of its queues. */
    public long capacity() {
        return subscriptions.stream().mapToLong(SubscriptionSnapshot::capacity).sum();
    }
}
