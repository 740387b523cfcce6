package io.lynx.event;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is said about an event beside its payload. Immutable, so that one instance may serve any number of events;
 * building one per event is the only thing a publisher that needs none does not pay for.
 *
 * @param priority how much it matters
 * @param source who published it, such as a plugin's id; empty if nobody says
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
     * Copies the metadata: what the caller does to its map afterwards changes no event.
     *
     * @throws NullPointerException if the metadata has a null key or value
     */
    public EventHeaders {
        metadata = Map.copyOf(metadata);
    }

    /** The same with that priority. */
    public EventHeaders priority(Priority other) {
        return new EventHeaders(other, source, metadata, traceId);
    }

    /** The same from that source. */
    public EventHeaders source(String other) {
        return new EventHeaders(priority, other, metadata, traceId);
    }

    /** The same with that metadata and no other. */
    public EventHeaders metadata(Map<String, String> other) {
        return new EventHeaders(priority, source, other, traceId);
    }

    /** The same with one more entry of metadata. */
    public EventHeaders with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new EventHeaders(priority, source, more, traceId);
    }

    /** The same as part of that trace. */
    public EventHeaders traceId(@Nullable String other) {
        return new EventHeaders(priority, source, metadata, other);
    }
}
