package io.lynx.event;

import io.lynx.event.Event.Priority;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The registration of a handler on a bus, with its own queue and its own thread. Thread-safe. */
public interface Subscription extends Registration {
    /** Returns its name, unique on its bus. */
    String name();

    /** Returns its account. */
    SubscriptionSnapshot snapshot();

    /**
     * Closes it without waiting: queued events are dropped as {@link DropReason#UNDELIVERED}, the handler may finish the event
     * that it has. Idempotent; may be called from inside the handler.
     */
    @Override
    void close();

    /**
     * Closes it in order: accepts no further events, delivers what is queued, and drops the rest at the deadline. A handler that is
     * still busy then is interrupted. A paused bus delivers nothing. Idempotent: a second call finds nothing left.
     *
     * <p>Called from inside the handler, it returns at once with nothing undelivered: the queue is delivered after the handler has
     * returned, and what is left at the deadline is logged.
     *
     * @return what was not delivered
     */
    Undelivered close(Deadline deadline);

    /**
     * The events that a subscription had left when it closed. Immutable.
     *
     * @param subscription its name
     * @param queued what was in its queue, oldest first: dropped
     * @param inHand what its handler was processing, or what was waiting for a redelivery: its outcome is not known
     */
    record Undelivered(String subscription, List<Event<?>> queued, List<UnfinishedEvent> inHand) {
        /** Returns whether nothing was left. */
        public boolean isEmpty() {
            return count() == 0;
        }

        /** Returns how many events were left. */
        public int count() {
            return queued.size() + inHand.size();
        }
    }

    /**
     * An event that a handler was processing when its subscription closed. Immutable.
     *
     * @param event the event
     * @param age the time since it was published
     * @param stack what the thread of the handler was doing, the innermost frame first
     */
    record UnfinishedEvent(Event<?> event, Duration age, List<StackTraceElement> stack) {
        /** Copies the list. */
        public UnfinishedEvent {
            stack = List.copyOf(stack);
        }
    }

    /** Accepts or refuses events for one subscription. An event whose filter throws is dropped for that subscription. */
    @FunctionalInterface
    @ExtensionPoint(thread = "the publisher's thread", deadline = "none: it delays the publisher")
    interface EventFilter {
        /** Returns whether the subscription is to receive {@code event}. */
        boolean accepts(Event<?> event);
    }

    /**
     * The options of one subscription. They begin with the defaults of its bus, a sixteenth of the queue as reserve, no redelivery
     * and no filter; each method changes one and returns this. Used inside {@code subscribe} only; not thread-safe.
     */
    final class SubscriptionOptions {
        private static final int LARGEST_QUEUE = 1 << 24;
        private static final int LARGEST_CONCURRENCY = 1 << 10;

        String name = "";
        /** Whose handler it is; empty if it is none of a plugin's. */
        String plugin = "";
        /** Called, perhaps more than once, when its workers have ended. */
        Runnable onEnd = () -> {};

        int queue;
        int reserve;
        Overflow overflow;
        RedeliveryPolicy redelivery = RedeliveryPolicy.times(0);
        int concurrency = 1;

        @Nullable
        EventFilter filter;

        SubscriptionOptions(int queue, Overflow overflow) {
            this.queue = queue;
            this.reserve = queue / 16;
            this.overflow = overflow;
        }

        static void checkQueue(String name, int queue, int reserve) {
            if (queue < 1 || queue > LARGEST_QUEUE) {
                throw new IllegalArgumentException(
                        "queue of subscription '" + name + "': " + queue + "; 1 to " + LARGEST_QUEUE + " is allowed");
            }
            if (reserve < 0 || reserve >= queue) {
                throw new IllegalArgumentException("reserve of subscription '" + name + "': " + reserve + "; 0 to "
                        + (queue - 1) + " is allowed for a queue of " + queue);
            }
        }

        /** Sets the name for logs, metrics and dead letters; by default it is the type or pattern of its filter. */
        public SubscriptionOptions name(String subscription) {
            name = subscription;
            return this;
        }

        /** Sets how many events may wait, 1 to 16,777,216; a sixteenth of the places is reserved for critical events. */
        public SubscriptionOptions queue(int places) {
            return queue(places, places / 16);
        }

        /** Sets how many events may wait, and how many of these places, fewer than all, are reserved for critical events. */
        public SubscriptionOptions queue(int places, int reserved) {
            checkQueue(name, places, reserved);
            queue = places;
            reserve = reserved;
            return this;
        }

        /** Sets what happens to an event that finds no room. */
        public SubscriptionOptions overflow(Overflow policy) {
            overflow = policy;
            return this;
        }

        /**
         * Delivers an event whose handler threw up to {@code times} times again, 0 to 1000. Each pause is random, up to a bound
         * that begins at 50 ms and doubles up to 5 s.
         */
        public SubscriptionOptions retry(int times) {
            return retry(RedeliveryPolicy.times(times));
        }

        SubscriptionOptions retry(RedeliveryPolicy policy) {
            redelivery = policy;
            return this;
        }

        /** Handles one event at a time in the order of publishing, the default; a redelivery delays the events behind it. */
        public SubscriptionOptions ordered() {
            return concurrency(1);
        }

        /** Handles up to {@code events} events at a time, 1 to 1024; with more than one there is no order. */
        public SubscriptionOptions concurrency(int events) {
            if (events < 1 || events > LARGEST_CONCURRENCY) {
                throw new IllegalArgumentException("concurrency of subscription '" + name + "': " + events + "; 1 to "
                        + LARGEST_CONCURRENCY + " is allowed");
            }
            concurrency = events;
            return this;
        }

        /** Accepts only events of that priority or a higher one. */
        public SubscriptionOptions atLeast(Priority least) {
            return where(event -> event.headers().priority().compareTo(least) >= 0);
        }

        /** Accepts only events of that source. */
        public SubscriptionOptions source(String only) {
            return where(event -> only.equals(event.headers().source()));
        }

        /** Accepts only events with that entry of metadata. */
        public SubscriptionOptions metadata(String key, String value) {
            Map.Entry<String, String> entry = Map.entry(key, value);
            return where(event -> event.headers().metadata().entrySet().contains(entry));
        }

        /**
         * Accepts only events that {@code accepts} accepts, in addition to the earlier filters. It runs on the publisher's thread,
         * so it must be quick; if it throws, the event is dropped for this subscription and counted.
         */
        public SubscriptionOptions where(EventFilter accepts) {
            EventFilter before = filter;
            filter = before == null ? accepts : event -> before.accepts(event) && accepts.accepts(event);
            return this;
        }
    }
}
