package io.lynx.recovery;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way to the listeners: bounded, and what does not fit is dropped and counted. Listeners hear one event
 * at a time; one that throws harms no other, one that blocks makes events drop. {@link #offer} never blocks. Thread-safe.
 */
final class EventQueue {
    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);
    static final int CAPACITY = 4096;

    private final Queue<RecoveryEvent> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final List<Consumer<? super RecoveryEvent>> listeners;
    private final Lane lane;

    EventQueue(ThreadFactory threads, List<Consumer<? super RecoveryEvent>> listeners) {
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.lane = new Lane(threads, this::deliver);
    }

    void offer(RecoveryEvent event) {
        if (listeners.isEmpty()) {
            return;
        }
        if (size.incrementAndGet() > CAPACITY) {
            size.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(event);
        lane.signal();
    }

    void addListener(Consumer<? super RecoveryEvent> listener) {
        listeners.add(listener);
    }

    long dropped() {
        return dropped.sum();
    }

    /** How many wait now. */
    int waiting() {
        return size.get();
    }

    Lane lane() {
        return lane;
    }

    private void deliver() {
        for (RecoveryEvent event = queue.poll(); event != null; event = queue.poll()) {
            size.decrementAndGet();
            for (Consumer<? super RecoveryEvent> listener : listeners) {
                try {
                    listener.accept(event);
                } catch (RuntimeException | StackOverflowError failure) {
                    log.atWarn().setCause(failure).log("Recovery listener threw");
                }
            }
        }
    }
}
