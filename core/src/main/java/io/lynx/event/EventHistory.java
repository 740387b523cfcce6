package io.lynx.event;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The most recent events of a bus, bounded by number and age. Thread-safe. */
final class EventHistory {
    private final int size;
    private final long age;
    private final Ticker ticker;
    private final BargingLock lock = new BargingLock();

    // Guarded by lock.
    private final Deque<Event<?>> events = new ArrayDeque<>();

    EventHistory(int size, Duration age, Ticker ticker) {
        this.size = size;
        this.age = age.toNanos();
        this.ticker = ticker;
    }

    void add(Event<?> event) {
        lock.lock();
        try {
            events.addLast(event);
            forget(event.nanos);
        } finally {
            lock.unlock();
        }
    }

    // Guarded by lock.
    private void forget(long now) {
        while (!events.isEmpty() && (events.size() > size || now - events.getFirst().nanos > age)) {
            events.removeFirst();
        }
    }

    List<Event<?>> find(HistoryQuery query, TopicFilter<?> types) {
        List<Event<?>> present;
        lock.lock();
        try {
            forget(ticker.nanos());
            present = new ArrayList<>(events);
        } finally {
            lock.unlock();
        }
        List<Event<?>> found =
                present.stream().filter(event -> query.matches(types, event)).toList();
        return found.subList(Math.max(0, found.size() - query.limit()), found.size());
    }
}
