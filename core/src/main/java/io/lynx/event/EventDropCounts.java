package io.lynx.event;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Exact counts of dropped events by reason. Thread-safe. */
final class EventDropCounts {
    private static final DropReason[] REASONS = DropReason.values();

    private final AtomicLongArray counts = new AtomicLongArray(REASONS.length);

    void add(DropReason reason) {
        counts.incrementAndGet(reason.ordinal());
    }

    /** Returns the reasons that occurred. */
    Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> found = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            long count = counts.get(reason.ordinal());
            if (count != 0) {
                found.put(reason, count);
            }
        }
        return Collections.unmodifiableMap(found);
    }
}
