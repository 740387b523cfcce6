package io.lynx.event;

import io.lynx.time.Ticker;
import java.util.ArrayDeque;
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

    EventHistory(BusOptions options, Ticker ticker) {
        this.size = options.historySize();
        this.age = options.historyAge().toNanos();
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

    List<Event<?>> find(TopicFilter<?> filter) {
        List<Event<?>> present = lock.locked(() -> {
            forget(ticker.nanos());
            return List.copyOf(events);
        });
        return present.stream().filter(event -> filter.matches(event.type())).toList();
    }
}
