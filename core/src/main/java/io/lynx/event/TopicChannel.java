package io.lynx.event;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A topic as one set of buses knows it: who listens, and what has been counted. Thread-safe.
 *
 * <p>The targets are an array that is replaced as a whole when somebody subscribes or leaves, so that publishing reads
 * one reference. A publisher with an old array meets the closed ring of one who has left, and counts that.
 */
final class TopicChannel {
    private static final QueuedSubscription[] NOBODY = {};
    private static final PublishResult.Dropped CLOSED = new PublishResult.Dropped(DropReason.CLOSED, 0);

    final Topic<?> topic;
    final String idPrefix;
    final BiasedCounter processed = new BiasedCounter();
    final LongAdder deadLettered = new LongAdder();
    final EventDropCounts drops = new EventDropCounts();

    private final @Nullable EventHistory history;
    private final EventClock clock;
    private final BiasedCounter published = new BiasedCounter();
    // Null once the bus is closed.
    private volatile QueuedSubscription @Nullable [] targets = NOBODY;

    TopicChannel(Topic<?> topic, String idPrefix, @Nullable EventHistory history, EventClock clock) {
        this.topic = topic;
        this.idPrefix = idPrefix;
        this.history = history;
        this.clock = clock;
    }

    void targets(QueuedSubscription @Nullable [] replacement) {
        targets = replacement;
    }

    /** Publishes; without leave to wait, a full queue of a patient subscriber drops the event. */
    PublishResult publish(Object payload, EventHeaders headers, boolean mayWait) {
        QueuedSubscription[] to = targets;
        if (to == null) {
            published.increment();
            drops.add(DropReason.CLOSED);
            return CLOSED;
        }
        if (to.length == 0 && history == null) {
            published.increment();
            return PublishResult.Accepted.INSTANCE;
        }
        long nanos = clock.ticker.nanos();
        Event<?> event = new Event<>(this, published.next(), payload, headers, nanos, clock.anchorFor(nanos));
        if (history != null) {
            history.add(event);
        }
        DropReason first = null;
        int missed = 0;
        for (QueuedSubscription target : to) {
            DropReason reason = target.offer(event, mayWait);
            if (reason != null) {
                first = first == null ? reason : first;
                missed++;
            }
        }
        return first == null ? PublishResult.Accepted.INSTANCE : new PublishResult.Dropped(first, missed);
    }

    /** Reads the ends of an event's way before its beginning, so that nothing was processed that was not published. */
    TopicSnapshot snapshot() {
        long taken = processed.sum();
        long failed = deadLettered.sum();
        Map<DropReason, Long> dropped = drops.snapshot();
        return new TopicSnapshot(topic.bus(), topic.type(), published.sum(), taken, failed, dropped);
    }
}
