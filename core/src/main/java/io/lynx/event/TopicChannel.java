package io.lynx.event;

import io.lynx.context.Tracing;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A topic as one set of buses knows it: the subscriptions that receive its events, and its counts. Thread-safe.
 *
 * <p>The targets are an array that is replaced as a whole, so that publishing reads one reference. A publisher that has read an
 * earlier array finds the queue of a subscription that has left closed, and counts that.
 */
final class TopicChannel {
    private static final QueuedSubscription[] NONE = {};
    private static final PublishResult.Dropped CLOSED = new PublishResult.Dropped(DropReason.CLOSED, 0);

    final Topic<?> topic;
    final OwnedCount processed = new OwnedCount();
    final LongAdder deadLettered = new LongAdder();
    final EventDropCounts drops = new EventDropCounts();

    private final Events events;
    private final @Nullable EventHistory history;
    private final OwnedCount published = new OwnedCount();
    // Changed under the bus' lock; null once the bus is closed.
    private volatile QueuedSubscription @Nullable [] targets = NONE;
    // Written before the targets and read after them.
    private boolean isTimed;

    TopicChannel(Topic<?> topic, Events events, @Nullable EventHistory history) {
        this.topic = topic;
        this.events = events;
        this.history = history;
        this.isTimed = history != null || events.observer != null;
    }

    void add(QueuedSubscription target) {
        QueuedSubscription[] before = targets;
        if (before != null && target.filter().matches(topic.type())) {
            QueuedSubscription[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = target;
            isTimed |= target.receivesEvents;
            targets = after;
        }
    }

    void remove(QueuedSubscription target) {
        QueuedSubscription[] before = targets;
        if (before != null && Arrays.asList(before).contains(target)) {
            targets = Arrays.stream(before).filter(each -> each != target).toArray(QueuedSubscription[]::new);
        }
    }

    void close() {
        targets = null;
    }

    /** Publishes an event; unless {@code mayWait}, a full queue drops it at once. */
    PublishResult publish(Object payload, EventHeaders headers, boolean mayWait) {
        QueuedSubscription[] to = targets;
        published.increment();
        if (to == null) {
            drops.add(DropReason.CLOSED);
            return CLOSED;
        }
        if (to.length == 0 && history == null) {
            return PublishResult.Accepted.INSTANCE;
        }
        Event<?> event = new Event<>(this, payload, headers, isTimed() ? events.ticker.nanos() : Event.UNTIMED);
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

    /** Passes an event that was published elsewhere to the subscriptions that have not processed it yet. */
    void receive(Object payload, EventReceipt receipt) {
        QueuedSubscription[] to = targets;
        published.increment();
        if (to == null) {
            drops.add(DropReason.CLOSED);
            receipt.refused(DropReason.CLOSED);
            return;
        }
        Event<?> event = new Event<>(this, payload, receipt, events.ticker.nanos());
        if (history != null) {
            history.add(event);
        }
        for (QueuedSubscription target : receipt.begin(to)) {
            DropReason _ = target.offer(event, true);
        }
        receipt.offered();
    }

    /** The span of a handler depends on the time of its event. */
    private boolean isTimed() {
        Tracing tracing = events.tracing;
        return isTimed || (tracing != null && tracing.isActive());
    }

    Events events() {
        return events;
    }

    /** Returns the counts; reads the outcomes before the beginning, so that no more was processed than published. */
    TopicSnapshot snapshot() {
        long taken = processed.sum();
        long failed = deadLettered.sum();
        Map<DropReason, Long> dropped = drops.snapshot();
        return new TopicSnapshot(topic.bus(), topic.type(), published.sum(), taken, failed, dropped);
    }
}
