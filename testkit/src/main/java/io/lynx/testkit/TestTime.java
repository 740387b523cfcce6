package io.lynx.testkit;

import io.lynx.app.Application;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The time that the application of a test runs on: the machine's or manual. Its wall clock can be moved. Thread-safe. */
final class TestTime implements InstantSource {
    private final @Nullable ManualTime manual;
    private final InstantSource clock;
    private final Set<Thread> pausing = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Duration> jumped = new AtomicReference<>(Duration.ZERO);

    TestTime(boolean isManual) {
        this.manual = isManual ? new ManualTime() : null;
        this.clock = manual == null ? InstantSource.system() : manual;
    }

    void applyTo(Application.Builder app) {
        app.clock(this);
        ManualTime time = manual;
        if (time != null) {
            app.ticker(time).scheduler((delay, task) -> schedule(time, delay, task));
        }
    }

    Ticker ticker() {
        return manual == null ? Ticker.system() : manual;
    }

    boolean isManual() {
        return manual != null;
    }

    /**
     * Returns the manual time.
     *
     * @throws IllegalStateException if it is the machine's
     */
    ManualTime manual() {
        if (manual == null) {
            throw new IllegalStateException("time: the test is on real time; call manualTime() when you build it");
        }
        return manual;
    }

    /**
     * Waits for a duration of this time, or until {@code end} completes. On manual time, a start or a shutdown that waits for it moves
     * the time.
     */
    void pause(Duration delay, CompletableFuture<Void> end) throws InterruptedException {
        try {
            if (manual == null) {
                Void _ = end.get(delay.toNanos(), TimeUnit.NANOSECONDS);
            } else {
                pause(manual, delay, end);
            }
        } catch (TimeoutException over) {
            // The time has come.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void pause(ManualTime time, Duration delay, CompletableFuture<Void> end)
            throws InterruptedException, ExecutionException {
        Thread current = Thread.currentThread();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Scheduler.Scheduled timer = time.after(delay, () -> over.complete(null));
        CompletableFuture<Object> either = CompletableFuture.anyOf(end, over);
        CompletableFuture<Object> _ = either.whenComplete((_, _) -> LockSupport.unpark(current));
        boolean _ = pausing.add(current);
        try {
            while (!either.isDone() && !current.isInterrupted()) {
                LockSupport.park(this);
            }
        } finally {
            boolean _ = pausing.remove(current);
            boolean _ = timer.cancel();
        }
        Object _ = either.get();
    }

    /**
     * Returns whether something waits in {@link #pause} until manual time moves. A thread that has been interrupted does not: were the
     * time moved until that thread runs again, its own deadlines could pass before it does.
     */
    boolean isManualTimeWanted() {
        return manual != null && pausing.stream().anyMatch(thread -> !thread.isInterrupted());
    }

    void jump(Duration by) {
        jumped.updateAndGet(by::plus);
    }

    @Override
    public Instant instant() {
        return clock.instant().plus(jumped.get());
    }

    /** Runs a task that is due now at once, on a thread of its own; a task that is due later waits until the time is advanced. */
    private static Scheduler.Scheduled schedule(ManualTime time, Duration delay, Runnable task) {
        if (delay.isPositive()) {
            return time.after(delay, task);
        }
        AtomicBoolean isTaken = new AtomicBoolean();
        Thread _ = Thread.ofVirtual().name("lynx-test-due").start(() -> {
            if (isTaken.compareAndSet(false, true)) {
                task.run();
            }
        });
        return () -> isTaken.compareAndSet(false, true);
    }
}
