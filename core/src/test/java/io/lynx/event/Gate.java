package io.lynx.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A handler that records what it gets, and lets each event pass only when the test says so. */
final class Gate<T> implements EventHandler<T> {
    private final List<T> seen = new CopyOnWriteArrayList<>();
    private final Semaphore entered = new Semaphore(0);
    private final Semaphore passes = new Semaphore(0);

    @Override
    public void handle(T payload) throws InterruptedException {
        seen.add(payload);
        entered.release();
        passes.acquire();
    }

    /** Waits until the handler has so many further events in hand. */
    void awaitEntered(int events) throws InterruptedException {
        if (!entered.tryAcquire(events, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("the handler was not given " + events + " events; it saw " + seen);
        }
    }

    /** Lets so many events pass. */
    void pass(int events) {
        passes.release(events);
    }

    /** Lets all events pass from now on. */
    void open() {
        passes.release(Integer.MAX_VALUE / 2);
    }

    List<T> seen() {
        return List.copyOf(seen);
    }
}
