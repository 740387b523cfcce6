package io.lynx.event;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a bus, bounded by count and by age. Thread-safe and lock-free.
 *
 * <p>A ring in which each event takes the next place. What is lossy: a writer that is held up between taking its place
 * and filling it, for a whole lap, puts an older event where a newer one was. What is too old is not shown, and is let
 * go of two at a time as events arrive, and by each query.
 */
final class EventHistory {
    private final AtomicReferenceArray<@Nullable Event<?>> places;
    private final PaddedLong next = new PaddedLong();
    private final long age;
    private final Ticker ticker;

    EventHistory(int size, Duration age, Ticker ticker) {
        this.places = new AtomicReferenceArray<>(size);
        this.age = age.toNanos();
        this.ticker = ticker;
    }

    void add(Event<?> event) {
        long at = next.getAndAdd(1);
        places.set(place(at), event);
        forget(place(at + 1), event.nanos);
        forget(place(at + 2), event.nanos);
    }

    List<Event<?>> query(HistoryQuery query, TopicFilter<?> filter) {
        long now = ticker.nanos();
        long end = next.get();
        List<Event<?>> found = new ArrayList<>();
        for (long at = end - 1; at >= Math.max(0, end - places.length()) && found.size() < query.limit(); at--) {
            Event<?> event = forget(place(at), now);
            if (event != null && query.matches(filter, event)) {
                found.add(event);
            }
        }
        return List.copyOf(found.reversed());
    }

    private int place(long at) {
        return (int) (at % places.length());
    }

    /** Clears a place if what is there is too old; returns what is left there. */
    private @Nullable Event<?> forget(int place, long now) {
        Event<?> event = places.get(place);
        if (event != null && now - event.nanos > age) {
            places.compareAndSet(place, event, null);
            return null;
        }
        return event;
    }
}
