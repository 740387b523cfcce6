package io.lynx.event;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Drops by reason, counted exactly. Thread-safe: the map itself does not change. */
final class EventDropCounts {
    private final Map<DropReason, LongAdder> counts = new EnumMap<>(DropReason.class);

    EventDropCounts() {
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void add(DropReason reason) {
        Objects.requireNonNull(counts.get(reason)).increment();
    }

    /** The reasons that occurred. */
    Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> found = new EnumMap<>(DropReason.class);
        counts.forEach((reason, adder) -> {
            long count = adder.sum();
            if (count != 0) {
                found.put(reason, count);
            }
        });
        return Collections.unmodifiableMap(found);
    }
}
