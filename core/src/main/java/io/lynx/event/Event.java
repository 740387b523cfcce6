package io.lynx.event;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload on its way, with what is known about it. Made by {@link Events} alone; immutable and thread-safe as far as
 * its payload is.
 *
 * @param <T> the payload
 */
public final class Event<T> {
    /** Where it was published; names its topic, and makes its id unique. */
    final TopicChannel channel;
    /** The ticker's reading when it was published. */
    final long nanos;

    private final EventClock.Anchor anchor;
    private final long number;
    private final T payload;
    private final EventHeaders headers;

    Event(TopicChannel channel, long number, T payload, EventHeaders headers, long nanos, EventClock.Anchor anchor) {
        this.channel = channel;
        this.number = number;
        this.payload = payload;
        this.headers = headers;
        this.nanos = nanos;
        this.anchor = anchor;
    }

    /** A name that no other event of any process has, such as {@code 5f0c2b1a-3-1d}; made when it is asked for. */
    public String id() {
        return channel.idPrefix + Long.toHexString(number);
    }

    /** The bus it was published on. */
    public String bus() {
        return channel.topic.bus();
    }

    /** The type of its topic. */
    public String type() {
        return channel.topic.type();
    }

    /** What was published. */
    public T payload() {
        return payload;
    }

    /** What was said about it. */
    public EventHeaders headers() {
        return headers;
    }

    /** How much it matters. */
    public Priority priority() {
        return headers.priority();
    }

    /** Who published it; empty if nobody says. */
    public String source() {
        return headers.source();
    }

    /** What else was said about it; unmodifiable. */
    public Map<String, String> metadata() {
        return headers.metadata();
    }

    /** The trace it belongs to, or null. */
    public @Nullable String traceId() {
        return headers.traceId();
    }

    /** When it was published. */
    public Instant timestamp() {
        return anchor.at(nanos);
    }

    boolean isCritical() {
        return headers.priority() == Priority.CRITICAL;
    }

    /** Its topic and id. The payload is left out: it may hold what a log should not. */
    @Override
    public String toString() {
        return channel.topic + "#" + id();
    }
}
