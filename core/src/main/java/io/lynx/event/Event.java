package io.lynx.event;

import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A published payload with its headers. Created by {@link Events} only; thread-safe if its payload is.
 *
 * @param <T> the payload
 */
public final class Event<T> {
    /** Stands for the time of an event that was published without reading the clock. */
    static final long UNTIMED = Long.MIN_VALUE;

    @SuppressWarnings("rawtypes") // There is no class literal of a parameterized type.
    private static final AtomicReferenceFieldUpdater<Event, String> ID =
            AtomicReferenceFieldUpdater.newUpdater(Event.class, String.class, "id");

    final TopicChannel channel;
    /** The ticker's reading when it was published, or {@link #UNTIMED}. */
    final long nanos;

    private final T payload;
    /** Receives what became of it; null for an event that was published in this process. */
    private final @Nullable EventReceipt receipt;

    private final RequestContext context = RequestContext.current().withoutDeadline();
    // Replaced by headers with the trace of the context when they are first read.
    private EventHeaders headers;
    // Both are computed at the first call, so that publishing does not pay for them.
    private volatile @Nullable String id;
    private volatile @Nullable Instant timestamp;

    /**
     * The importance of an event when a queue runs short, lowest first. It never changes the order of delivery; a part of each
     * queue is reserved for {@link #CRITICAL} events.
     */
    public enum Priority {
        /** An event whose loss does no harm. */
        LOW,
        /** The default. */
        NORMAL,
        /** An important event, for subscriptions that filter by priority. */
        HIGH,
        /** An event that may use the reserved places, and that only critical events displace. */
        CRITICAL
    }

    /**
     * The headers of an event. Immutable, so that any number of events may share an instance.
     *
     * @param priority its priority
     * @param source the publisher's name, such as a plugin's id; empty if none is given
     * @param metadata further headers, copied
     * @param traceId the trace that it belongs to; null if it belongs to none
     */
    public record EventHeaders(
            Priority priority,
            String source,
            Map<String, String> metadata,
            @Nullable String traceId) {
        /** Normal priority and nothing else. */
        public static final EventHeaders NONE = new EventHeaders(Priority.NORMAL, "", Map.of(), null);

        /**
         * Copies the metadata.
         *
         * @throws NullPointerException if the metadata has a null key or value
         */
        public EventHeaders {
            metadata = Map.copyOf(metadata);
        }

        /** The entry of metadata that {@link #key} is kept in: the name of the attribute in CloudEvents. */
        public static final String KEY = "partitionkey";

        /** Returns the key of the event; empty if it has none. */
        public String key() {
            return metadata.getOrDefault(KEY, "");
        }

        /**
         * Returns a copy with that key, such as the id of an order. Beyond one process, events of a topic that have the same key keep
         * their order; others do not.
         */
        public EventHeaders withKey(String other) {
            return withMetadata(KEY, other);
        }

        /** Returns a copy with that priority. */
        public EventHeaders withPriority(Priority other) {
            return new EventHeaders(other, source, metadata, traceId);
        }

        /** Returns a copy with that source. */
        public EventHeaders withSource(String other) {
            return new EventHeaders(priority, other, metadata, traceId);
        }

        /** Returns a copy with that metadata and no other. */
        public EventHeaders withMetadata(Map<String, String> other) {
            return new EventHeaders(priority, source, other, traceId);
        }

        /** Returns a copy with another entry of metadata. */
        public EventHeaders withMetadata(String key, String value) {
            Map<String, String> more = new HashMap<>(metadata);
            more.put(key, value);
            return withMetadata(more);
        }

        /** Returns a copy that belongs to that trace. */
        public EventHeaders withTraceId(@Nullable String other) {
            return new EventHeaders(priority, source, metadata, other);
        }
    }

    Event(TopicChannel channel, T payload, EventHeaders headers, long nanos) {
        this.channel = channel;
        this.payload = payload;
        this.headers = headers;
        this.nanos = nanos;
        this.receipt = null;
    }

    /** Creates an event that was published elsewhere. */
    Event(TopicChannel channel, T payload, EventReceipt receipt, long nanos) {
        this.channel = channel;
        this.payload = payload;
        this.headers = receipt.event().headers();
        this.nanos = nanos;
        this.receipt = receipt;
        this.id = receipt.event().id();
        this.timestamp = receipt.event().time();
    }

    /** Returns a name that no other event of any process has, such as {@code 5f0c2b1a-1d}; created at the first call. */
    @SuppressWarnings("NullAway") // The updater is declared without null, which it takes.
    public String id() {
        if (id == null) {
            boolean _ = ID.compareAndSet(this, null, channel.events().nextEventId());
        }
        return String.valueOf(id);
    }

    /** Returns the bus it was published on. */
    public String bus() {
        return channel.topic.bus();
    }

    /** Returns the type of its topic. */
    public String type() {
        return channel.topic.type();
    }

    /** Returns what was published. */
    public T payload() {
        return payload;
    }

    /**
     * Returns its priority, source, metadata and trace id in one record. The trace is that of the request in which it was published
     * if the publisher gave none.
     */
    public EventHeaders headers() {
        EventHeaders known = headers;
        if (known.traceId() == null) {
            String trace = context.trace().map(TraceContext::traceId).orElse(null);
            if (trace != null) {
                known = known.withTraceId(trace);
                headers = known;
            }
        }
        return known;
    }

    /**
     * Returns the context of the request in which it was published, without the deadline of that request; an empty one if there
     * was none. It is bound while a handler handles the event.
     */
    public RequestContext context() {
        return context;
    }

    /**
     * Returns when it was published. It is computed from the event's age at the first call; a step of the wall clock between
     * publishing and the first call is included.
     *
     * <p>If every handler of a topic receives payloads, not events, and the bus has neither a history nor an observer, publishing
     * does not read the clock. Then this is the time of the first call, or of the first failure of a handler if that is earlier.
     */
    public Instant timestamp() {
        Instant known = timestamp;
        if (known == null) {
            known = channel.events().wallTimeOf(nanos);
            timestamp = known;
        }
        return known;
    }

    /** Returns whether it came from outside of this process, or from a store of durable events, so that no bridge forwards it. */
    public boolean isReceived() {
        return receipt != null;
    }

    /** Returns what receives the outcomes of its deliveries; null for an event that was published in this process. */
    @Nullable
    EventReceipt receipt() {
        return receipt;
    }

    boolean isCritical() {
        return headers.priority() == Priority.CRITICAL;
    }

    /** Returns its topic and id. The payload is left out: it may hold what a log must not. */
    @Override
    public String toString() {
        return channel.topic + "#" + id();
    }
}
