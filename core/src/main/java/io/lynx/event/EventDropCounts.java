package io.lynx.event;

import io.lynx.event.PublishResult.DropReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Exact counts of dropped events by reason. Thread-safe. */
@SuppressWarnings("EnumOrdinal") // It indexes a private array and is never stored.
final class EventDropCounts {
    private final AtomicLongArray counts = new AtomicLongArray(DropReason.values().length);

    void add(DropReason reason) {
        counts.incrementAndGet(reason.ordinal());
    }

    /** Returns the reasons that occurred. */
    Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> found = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = counts.get(reason.ordinal());
            if (count != 0) {
                found.put(reason, count);
            }
        }
        return Collections.unmodifiableMap(found);
    }
}
