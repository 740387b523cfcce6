package io.lynx.recovery.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The most recent errors or recoveries: a ring that overwrites its oldest element. A writer takes a number and puts its
 * element into the slot of that number, unless a faster writer has already put a later one there. Lock-free and thread-safe;
 * a reader sees every element whose {@link #add} has returned and that is among the last {@code capacity}.
 */
final class ErrorHistory<T> {
    private final AtomicReferenceArray<@Nullable Slot<T>> ring;
    private final AtomicLong next = new AtomicLong();

    private record Slot<T>(long number, T element) {}

    ErrorHistory(int capacity) {
        this.ring = new AtomicReferenceArray<>(capacity);
    }

    /** Adds an element, which may replace the oldest. */
    void add(T element) {
        Slot<T> slot = new Slot<>(next.getAndIncrement(), element);
        int index = (int) (slot.number() % ring.length());
        Slot<T> found;
        do {
            found = ring.get(index);
        } while ((found == null || found.number() < slot.number()) && !ring.compareAndSet(index, found, slot));
    }

    /** Returns the number of elements that were ever added. */
    long added() {
        return next.get();
    }

    /** Returns at most {@code limit} elements, the most recent first. */
    List<T> newest(int limit) {
        long end = next.get();
        long begin = Math.max(0, end - Math.min(limit, ring.length()));
        List<T> found = new ArrayList<>((int) (end - begin));
        for (long number = end - 1; number >= begin; number--) {
            Slot<T> slot = ring.get((int) (number % ring.length()));
            if (slot != null && slot.number() == number) {
                found.add(slot.element());
            }
        }
        return found;
    }

    /** Passes every element to {@code action}, in no order. */
    void forEach(Consumer<? super T> action) {
        for (int i = 0; i < ring.length(); i++) {
            Slot<T> slot = ring.get(i);
            if (slot != null) {
                action.accept(slot.element());
            }
        }
    }
}
