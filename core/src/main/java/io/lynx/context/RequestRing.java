package io.lynx.context;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The most recent entries of one kind, in a fixed number of places. Adding neither waits nor blocks. Thread-safe. */
final class RequestRing {
    private static final int PLACES = 64;

    private final AtomicReferenceArray<@Nullable Entry> places = new AtomicReferenceArray<>(PLACES);
    private final AtomicLong next = new AtomicLong();

    /** A request as it ended; its node may still receive parts, such as handlers of its events. */
    record Entry(
            String id,
            @Nullable String traceId,
            String name,
            int status,
            boolean isSlow,
            String error,
            long startedAt,
            long nanos,
            @Nullable SpanNode node) {}

    void add(Entry entry) {
        places.set((int) (next.getAndIncrement() & (PLACES - 1)), entry);
    }

    List<Entry> entries() {
        List<Entry> present = new ArrayList<>(PLACES);
        for (int i = 0; i < PLACES; i++) {
            Entry entry = places.get(i);
            if (entry != null) {
                present.add(entry);
            }
        }
        return present;
    }
}
