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
public record Headers(
        Priority priority,
        String source,
        Map<String, String> metadata,
        @Nullable String traceId) {
    /** Normal priority and nothing else. */
    public static final Headers NONE = new Headers(Priority.NORMAL, "", Map.of(), null);

    /**
     * Copies the metadata: what the caller does to its map afterwards changes no event.
     *
     * @throws NullPointerException if the metadata has a null key or value
     */
    public Headers {
        metadata = Map.copyOf(metadata);
    }

    /** The same with that priority. */
    public Headers priority(Priority other) {
        return new Headers(other, source, metadata, traceId);
    }

    /** The same from that source. */
    public Headers source(String other) {
        return new Headers(priority, other, metadata, traceId);
    }

    /** The same with that metadata and no other. */
    public Headers metadata(Map<String, String> other) {
        return new Headers(priority, source, other, traceId);
    }

    /** The same with one more entry of metadata. */
    public Headers with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return new Headers(priority, source, more, traceId);
    }

    /** The same as part of that trace. */
    public Headers traceId(@Nullable String other) {
        return new Headers(priority, source, metadata, other);
    }
}
