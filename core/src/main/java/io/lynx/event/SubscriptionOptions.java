package io.lynx.event;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one subscription. They begin with the defaults of its bus, a sixteenth of the queue as reserve, no redelivery and
 * no filter; each method changes one and returns this. Used inside {@code subscribe} only; not thread-safe.
 */
public final class SubscriptionOptions {
    private static final int LARGEST_QUEUE = 1 << 24;
    private static final int LARGEST_CONCURRENCY = 1 << 10;

    private final Map<String, String> metadata = new HashMap<>();
    private String name = "";
    private int queue;
    private int reserve;
    private Overflow overflow;
    private RedeliveryPolicy redelivery = RedeliveryPolicy.NEVER;
    private int concurrency = 1;
    private Priority minimumPriority = Priority.LOW;
    private @Nullable String source;
    private @Nullable EventFilter filter;

    private SubscriptionOptions(int queue, Overflow overflow) {
        this.queue = queue;
        this.reserve = queue / 16;
        this.overflow = overflow;
    }

    static SubscriptionOptions of(int queue, Overflow overflow) {
        return new SubscriptionOptions(queue, overflow);
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

    /** Delivers an event whose handler threw up to {@code times} times again, with the default pauses. */
    public SubscriptionOptions retry(int times) {
        return retry(RedeliveryPolicy.times(times));
    }

    /** Sets what happens to an event whose handler threw. */
    public SubscriptionOptions retry(RedeliveryPolicy policy) {
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
        minimumPriority = least;
        return this;
    }

    /** Accepts only events of that source. */
    public SubscriptionOptions source(String only) {
        source = only;
        return this;
    }

    /** Accepts only events with that entry of metadata, in addition to the earlier filters. */
    public SubscriptionOptions metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Accepts only events that {@code accepts} accepts, in addition to the earlier filters. It runs on the publisher's thread, so it
     * must be quick; if it throws, the event is dropped for this subscription and counted.
     */
    public SubscriptionOptions where(EventFilter accepts) {
        EventFilter before = filter;
        filter = before == null ? accepts : event -> before.accepts(event) && accepts.accepts(event);
        return this;
    }

    String name() {
        return name;
    }

    int queue() {
        return queue;
    }

    int reserve() {
        return reserve;
    }

    Overflow overflow() {
        return overflow;
    }

    RedeliveryPolicy redelivery() {
        return redelivery;
    }

    int concurrency() {
        return concurrency;
    }

    boolean isUnfiltered() {
        return minimumPriority == Priority.LOW && source == null && metadata.isEmpty() && filter == null;
    }

    /** Returns whether that event is wanted; throws what the filter throws. */
    boolean wants(Event<?> event) {
        return event.priority().compareTo(minimumPriority) >= 0
                && (source == null || source.equals(event.source()))
                && event.metadata().entrySet().containsAll(metadata.entrySet())
                && (filter == null || filter.accepts(event));
    }
}
