package io.lynx.jdbc.outbox;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets an outbox deliver from when every plugin has started until the first one stops. Thread-safe. */
final class OutboxListener implements TrafficListener {
    private final String name;
    private final InFlight inFlight = new InFlight();
    private final List<Runnable> opening = new CopyOnWriteArrayList<>();
    private final List<Runnable> draining = new CopyOnWriteArrayList<>();
    private final List<Runnable> closing = new CopyOnWriteArrayList<>();
    private volatile boolean isOpen;

    OutboxListener(String name) {
        this.name = name;
    }

    void onOpen(Runnable action) {
        opening.add(action);
    }

    /** Runs an action when the outbox may begin no further batch. */
    void onDrain(Runnable action) {
        draining.add(action);
    }

    void onClose(Runnable action) {
        closing.add(action);
    }

    /** Returns whether the outbox may deliver. */
    boolean isOpen() {
        return isOpen;
    }

    /**
     * Begins a batch unless the outbox is closed, and returns whether it did. The drain waits for {@link #endBatch}, which is called when
     * the batch has been marked in the table: otherwise the next leader would deliver it again.
     */
    boolean beginBatch() {
        // Counted before the look at the state: a drain that began meanwhile waits for this batch, or this sees that it
        // has begun.
        inFlight.begin();
        if (isOpen) {
            return true;
        }
        inFlight.end();
        return false;
    }

    /** Begins a batch during another, even if the outbox was closed meanwhile. */
    void holdBatch() {
        inFlight.begin();
    }

    /** Ends a batch that has begun. */
    void endBatch() {
        inFlight.end();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void open() {
        isOpen = true;
        opening.forEach(Runnable::run);
    }

    @Override
    public List<String> urls() {
        return List.of();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void announceStop() {
        // Nothing connects to it.
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        isOpen = false;
        draining.forEach(Runnable::run);
        boolean _ = inFlight.awaitNone(deadline);
    }

    @Override
    public void close() {
        isOpen = false;
        closing.forEach(Runnable::run);
    }
}
