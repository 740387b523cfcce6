package io.lynx.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Selects past events of a bus. Immutable.
 *
 * @param types a pattern of types as in {@link TopicFilter#matching}; {@code **} for all
 * @param source only events of that source; null for all
 * @param from only events of that moment or later; null for no bound
 * @param until only events before that moment; null for no bound
 * @param limit the number of most recent events to return, 1 or more
 */
public record HistoryQuery(
        String types,
        @Nullable String source,
        @Nullable Instant from,
        @Nullable Instant until,
        int limit) {
    /** Selects every event. */
    public static final HistoryQuery ALL = new HistoryQuery("**", null, null, null, Integer.MAX_VALUE);

    /** @throws IllegalArgumentException if the limit is not positive */
    public HistoryQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of a history query: " + limit + "; 1 or more is allowed");
        }
    }

    /** Returns a copy for the types that match {@code pattern}. */
    public HistoryQuery withTypes(String pattern) {
        return new HistoryQuery(pattern, source, from, until, limit);
    }

    /** Returns a copy for that source. */
    public HistoryQuery withSource(String only) {
        return new HistoryQuery(types, only, from, until, limit);
    }

    /** Returns a copy for events from {@code earliest}, included, to {@code end}, excluded; null for no bound. */
    public HistoryQuery withPeriod(@Nullable Instant earliest, @Nullable Instant end) {
        return new HistoryQuery(types, source, earliest, end, limit);
    }

    /** Returns a copy for the {@code most} most recent events. */
    public HistoryQuery withLimit(int most) {
        return new HistoryQuery(types, source, from, until, most);
    }

    boolean matches(TopicFilter<?> filter, Event<?> event) {
        return filter.matches(event.type())
                && (source == null || source.equals(event.source()))
                && (from == null || !event.timestamp().isBefore(from))
                && (until == null || event.timestamp().isBefore(until));
    }
}
