package io.lynx.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which past events of a bus are asked for. Immutable.
 *
 * @param types a pattern of types as in {@link TopicFilter#matching}; {@code **} for all
 * @param source only those of that source; null for all
 * @param from only those of that moment or later; null for no bound
 * @param until only those before that moment; null for no bound
 * @param limit the latest so many of them, 1 or more
 */
public record HistoryQuery(
        String types,
        @Nullable String source,
        @Nullable Instant from,
        @Nullable Instant until,
        int limit) {
    /** Everything that is there. */
    public static final HistoryQuery ALL = new HistoryQuery("**", null, null, null, Integer.MAX_VALUE);

    /** @throws IllegalArgumentException if the limit is not positive */
    public HistoryQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of a history query: " + limit + "; 1 or more is allowed");
        }
    }

    /** The same for those types. */
    public HistoryQuery types(String pattern) {
        return new HistoryQuery(pattern, source, from, until, limit);
    }

    /** The same for that source. */
    public HistoryQuery source(String only) {
        return new HistoryQuery(types, only, from, until, limit);
    }

    /** The same from that moment on. */
    public HistoryQuery from(Instant earliest) {
        return new HistoryQuery(types, source, earliest, until, limit);
    }

    /** The same up to, and without, that moment. */
    public HistoryQuery until(Instant end) {
        return new HistoryQuery(types, source, from, end, limit);
    }

    /** The latest so many. */
    public HistoryQuery limit(int most) {
        return new HistoryQuery(types, source, from, until, most);
    }

    boolean matches(TopicFilter<?> filter, Event<?> event) {
        return filter.matches(event.type())
                && (source == null || source.equals(event.source()))
                && (from == null || !event.timestamp().isBefore(from))
                && (until == null || event.timestamp().isBefore(until));
    }
}
