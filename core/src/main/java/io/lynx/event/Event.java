package io.lynx.event;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A published payload and what is known about it. Made by {@link Events} only; thread-safe as far as its payload is.
 *
 * @param <T> the payload
 */
public final class Event<T> {
    @SuppressWarnings("rawtypes") // There is no class literal of a parameterized type.
    private static final AtomicReferenceFieldUpdater<Event, String> ID =
            AtomicReferenceFieldUpdater.newUpdater(Event.class, String.class, "id");

    final TopicChannel channel;
    /** The ticker's reading when it was published. */
    final long nanos;

    private final T payload;
    private final EventHeaders headers;
    // Both are made at the first call, so that publishing does not pay for them.
    private volatile @Nullable String id;
    private volatile @Nullable Instant timestamp;

    Event(TopicChannel channel, T payload, EventHeaders headers, long nanos) {
        this.channel = channel;
        this.payload = payload;
        this.headers = headers;
        this.nanos = nanos;
    }

    /** Returns a name that no other event of any process has, such as {@code 5f0c2b1a-1d}; made at the first call. */
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

    /** Returns its priority, source, metadata and trace id in one record. */
    public EventHeaders headers() {
        return headers;
    }

    /** Returns its priority. */
    public Priority priority() {
        return headers.priority();
    }

    /** Returns the publisher's name, such as a plugin's id; empty if none was given. */
    public String source() {
        return headers.source();
    }

    /** Returns its metadata; unmodifiable. */
    public Map<String, String> metadata() {
        return headers.metadata();
    }

    /** Returns the trace it belongs to, or null. */
    public @Nullable String traceId() {
        return headers.traceId();
    }

    /**
     * Returns when it was published. Computed from its age at the first call, so that publishing reads one clock; a step of the
     * wall clock between publishing and the first call is included.
     */
    public Instant timestamp() {
        Instant known = timestamp;
        if (known == null) {
            known = channel.events().wallTimeOf(nanos);
            timestamp = known;
        }
        return known;
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
