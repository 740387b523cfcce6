package io.lynx.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a subscriber wants its events. Starts out as its bus says; each method gives the same with one thing changed.
 * Immutable.
 *
 * @param name for logs, metrics and dead letters; empty for one made of the filter
 * @param queue how many events may wait, 1 to 16,777,216
 * @param reserve how many of these places only critical events may take; fewer than {@code queue}
 * @param overflow what happens to an event that finds no room
 * @param retry what happens after the handler threw
 * @param concurrency how many events are handled at a time, 1 to 1024; with more than one there is no order
 * @param minimumPriority events below it are not for this subscriber
 * @param source only events of this source are; null for all
 * @param metadata only events that have all these entries are
 * @param predicate only events that it accepts are; null for all
 */
public record SubscriptionOptions(
        String name,
        int queue,
        int reserve,
        Overflow overflow,
        RedeliveryPolicy retry,
        int concurrency,
        Priority minimumPriority,
        @Nullable String source,
        Map<String, String> metadata,
        @Nullable Predicate<? super Event<?>> predicate) {
    private static final int LARGEST_QUEUE = 1 << 24;
    private static final int LARGEST_CONCURRENCY = 1 << 10;

    /** @throws IllegalArgumentException if a value is out of its range */
    public SubscriptionOptions {
        if (queue < 1 || queue > LARGEST_QUEUE) {
            throw new IllegalArgumentException(
                    "queue of subscription '" + name + "': " + queue + "; 1 to " + LARGEST_QUEUE + " is allowed");
        }
        if (reserve < 0 || reserve >= queue) {
            throw new IllegalArgumentException("reserve of subscription '" + name + "': " + reserve + "; 0 to "
                    + (queue - 1) + " is allowed for a queue of " + queue);
        }
        if (concurrency < 1 || concurrency > LARGEST_CONCURRENCY) {
            throw new IllegalArgumentException("concurrency of subscription '" + name + "': " + concurrency + "; 1 to "
                    + LARGEST_CONCURRENCY + " is allowed");
        }
        metadata = Map.copyOf(metadata);
    }

    /** One in order, a sixteenth of the queue in reserve, no retries and no filters. */
    static SubscriptionOptions of(int queue, Overflow overflow) {
        return new SubscriptionOptions(
                "", queue, queue / 16, overflow, RedeliveryPolicy.NEVER, 1, Priority.LOW, null, Map.of(), null);
    }

    /** The name in logs, metrics and dead letters. */
    public SubscriptionOptions name(String other) {
        return new SubscriptionOptions(
                other, queue, reserve, overflow, retry, concurrency, minimumPriority, source, metadata, predicate);
    }

    /** So many places, a sixteenth of them in reserve for critical events. */
    public SubscriptionOptions queue(int places) {
        return queue(places, places / 16);
    }

    /** So many places, {@code kept} of them in reserve for critical events. */
    public SubscriptionOptions queue(int places, int kept) {
        return new SubscriptionOptions(
                name, places, kept, overflow, retry, concurrency, minimumPriority, source, metadata, predicate);
    }

    /** What happens to an event that finds no room. */
    public SubscriptionOptions overflow(Overflow policy) {
        return new SubscriptionOptions(
                name, queue, reserve, policy, retry, concurrency, minimumPriority, source, metadata, predicate);
    }

    /** Tries a failed event so often again, with the usual pauses. */
    public SubscriptionOptions retry(int times) {
        return retry(RedeliveryPolicy.times(times));
    }

    /** What happens after the handler threw. */
    public SubscriptionOptions retry(RedeliveryPolicy policy) {
        return new SubscriptionOptions(
                name, queue, reserve, overflow, policy, concurrency, minimumPriority, source, metadata, predicate);
    }

    /** One at a time, in the order of publishing; an event that is retried holds the later ones back. The default. */
    public SubscriptionOptions ordered() {
        return concurrency(1);
    }

    /** So many at a time, in no order. */
    public SubscriptionOptions concurrency(int atATime) {
        return new SubscriptionOptions(
                name, queue, reserve, overflow, retry, atATime, minimumPriority, source, metadata, predicate);
    }

    /** Only events of that priority or a higher one. */
    public SubscriptionOptions atLeast(Priority least) {
        return new SubscriptionOptions(
                name, queue, reserve, overflow, retry, concurrency, least, source, metadata, predicate);
    }

    /** Only events of that source. */
    public SubscriptionOptions source(String only) {
        return new SubscriptionOptions(
                name, queue, reserve, overflow, retry, concurrency, minimumPriority, only, metadata, predicate);
    }

    /** Only events with that entry of metadata, beside those asked for already. */
    public SubscriptionOptions metadata(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new SubscriptionOptions(
                name, queue, reserve, overflow, retry, concurrency, minimumPriority, source, more, predicate);
    }

    /**
     * Only events that the predicate accepts, beside those asked for already. It runs on the publisher's thread, so it
     * must be quick; if it throws, the event is dropped for this subscriber and counted.
     */
    public SubscriptionOptions where(Predicate<? super Event<?>> accepts) {
        Predicate<? super Event<?>> before = predicate;
        Predicate<Event<?>> both = before == null ? accepts::test : e -> before.test(e) && accepts.test(e);
        return new SubscriptionOptions(
                name, queue, reserve, overflow, retry, concurrency, minimumPriority, source, metadata, both);
    }

    /** Whether every event is wanted. */
    boolean isUnfiltered() {
        return minimumPriority == Priority.LOW && source == null && metadata.isEmpty() && predicate == null;
    }

    /** Whether that event is wanted; throws what the predicate throws. */
    boolean wants(Event<?> event) {
        return event.priority().compareTo(minimumPriority) >= 0
                && (source == null || source.equals(event.source()))
                && (metadata.isEmpty() || event.metadata().entrySet().containsAll(metadata.entrySet()))
                && (predicate == null || predicate.test(event));
    }
}
