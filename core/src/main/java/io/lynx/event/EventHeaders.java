package io.lynx.event;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an event beside its payload. Immutable, so that one instance may serve any number of events.
 *
 * @param priority its priority
 * @param source the publisher's name, such as a plugin's id; empty if none is given
 * @param metadata anything else, copied
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
