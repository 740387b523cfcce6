package io.lynx.http.client.engine.pool;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Parks a thread until another thread reports progress, or its time is over on the application's scheduler. One thread waits
 * at a time. Thread-safe.
 */
public final class ParkedThread {
    private final Scheduler scheduler;
    private volatile @Nullable Thread thread;
    private volatile boolean isAlarmDue;

    public ParkedThread(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Waits until {@code isDone}, which a call of {@link #wake} follows.
     *
     * @return false if the deadline has passed, or the scheduler is closed
     */
    public boolean await(BooleanSupplier isDone, Deadline deadline) throws InterruptedException {
        thread = Thread.currentThread();
        Scheduler.Scheduled alarm = null;
        try {
            while (!isDone.getAsBoolean()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (deadline.isExpired()) {
                    return false;
                }
                if (alarm == null || isAlarmDue) {
                    isAlarmDue = false;
                    alarm = scheduler.after(deadline.remaining(), this::ring);
                } else {
                    LockSupport.park(this);
                }
            }
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        } finally {
            thread = null;
            if (alarm != null) {
                boolean _ = alarm.cancel();
            }
        }
    }

    private void ring() {
        isAlarmDue = true;
        wake();
    }

    /** Lets the thread that waits check again. */
    public void wake() {
        Thread waiting = thread;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }
}
