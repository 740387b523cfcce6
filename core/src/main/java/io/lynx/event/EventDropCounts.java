package io.lynx.event;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Exact counts of dropped events by reason. Thread-safe. */
final class EventDropCounts {
    /** Complete from the start; only the counters change. */
    private final Map<DropReason, AtomicLong> counts = new EnumMap<>(DropReason.class);

    EventDropCounts() {
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, new AtomicLong());
        }
    }

    void add(DropReason reason) {
        Objects.requireNonNull(counts.get(reason)).incrementAndGet();
    }

    /** Returns the reasons that occurred. */
    Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> found = new EnumMap<>(DropReason.class);
        counts.forEach((reason, count) -> {
            if (count.get() != 0) {
                found.put(reason, count.get());
            }
        });
        return Collections.unmodifiableMap(found);
    }
}
