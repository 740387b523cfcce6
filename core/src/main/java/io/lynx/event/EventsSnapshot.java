package io.lynx.event;

import io.lynx.event.PublishResult.DropReason;
import java.util.List;
import java.util.Map;

/**
 * The account of all buses at one moment. Immutable.
 *
 * @param buses the buses, by name
 * @param deadLetters dead letters that are kept
 * @param deadLettersPushedOut dead letters that made room for later ones
 * @param refused events of topics or buses beyond the limits
 */
public record EventsSnapshot(List<BusSnapshot> buses, int deadLetters, long deadLettersPushedOut, long refused) {
    /**
     * The account of one bus.
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
            return subscriptions.stream()
                    .mapToLong(SubscriptionSnapshot::queued)
                    .sum();
        }

        /** Returns the number of places in all of its queues. */
        public long capacity() {
            return subscriptions.stream()
                    .mapToLong(SubscriptionSnapshot::capacity)
                    .sum();
        }
    }

    /**
     * The counts of one topic since the start. They only grow, and outlive the subscriptions that they are about.
     *
     * @param bus the bus
     * @param type the event type
     * @param published events published, each once, whether or not the topic has subscribers or the bus is still open
     * @param processed deliveries that a handler processed; more than {@code published} if several subscriptions match
     * @param deadLettered deliveries that became dead letters
     * @param dropped deliveries that were dropped, by reason; reasons that did not occur are missing
     */
    public record TopicSnapshot(
            String bus,
            String type,
            long published,
            long processed,
            long deadLettered,
            Map<DropReason, Long> dropped) {}

    /**
     * The account of one subscription. Always, also while events flow:
     * {@code published = processed + deadLettered + every dropped + queued + inHand}.
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
}
