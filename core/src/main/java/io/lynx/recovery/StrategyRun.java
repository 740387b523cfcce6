package io.lynx.recovery;

import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One strategy at work on a thread of its own, with an end that comes whatever the strategy does: it returns; or its time
 * is over, it is interrupted and returns within a second; or it is abandoned, and somebody is told when it ends after
 * all. Thread-safe.
 */
final class StrategyRun {
    /** From the interruption to giving up. */
    static final Duration GRACE = Duration.ofSeconds(1);

    /** Far beyond any timeout: only for a scheduler that was closed too early. */
    private static final long LAST_RESORT_SECONDS =
            2 * RecoveryStrategy.LONGEST_TIMEOUT.toSeconds() + GRACE.toSeconds();

    private final StrategyRegistry.Step step;
    private final ErrorRecord error;
    private final @Nullable HealthCheck probe;
    private final Scheduler scheduler;
    private final Deadline deadline;
    private final Duration timeout;
    private final Runnable abandoned;
    private final Runnable strayEnded;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private volatile @Nullable Thread thread;
    private volatile Throwable expiry = new TimeoutException();

    private enum Phase {
        RUNNING,
        INTERRUPTED,
        ENDED,
        ABANDONED
    }

    /** How it went. */
    sealed interface End {}

    record Returned(RecoveryOutcome outcome) implements End {}

    record Abandoned() implements End {}

    /**
     * A run that has not begun.
     *
     * @param timeout what is left of the deadline, or less
     * @param abandoned told when the run is given up, before anybody else learns of it
     * @param strayEnded told when a run that was given up has ended, after {@code abandoned}
     */
    StrategyRun(
            StrategyRegistry.Step step,
            ErrorRecord error,
            @Nullable HealthCheck probe,
            Scheduler scheduler,
            Deadline deadline,
            Duration timeout,
            Runnable abandoned,
            Runnable strayEnded) {
        this.step = step;
        this.error = error;
        this.probe = probe;
        this.scheduler = scheduler;
        this.deadline = deadline;
        this.timeout = timeout;
        this.abandoned = abandoned;
        this.strayEnded = strayEnded;
    }

    /**
     * Begins.
     *
     * @throws RejectedExecutionException if there is no thread or timer for it; nothing has begun then
     */
    void start(ThreadFactory threads) {
        Thread created = threads.newThread(this::run);
        if (created == null) {
            throw new RejectedExecutionException("no thread for strategy '" + step.name() + "'");
        }
        thread = created;
        Scheduler.Scheduled timer = scheduler.after(timeout, () -> expire(timedOut()));
        end.whenComplete((_, _) -> timer.cancel());
        try {
            created.start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            timer.cancel();
            throw new RejectedExecutionException("no thread for strategy '" + step.name() + "'", noThread);
        }
    }

    private Throwable timedOut() {
        return new TimeoutException("strategy '" + step.name() + "': not done after " + timeout.toMillis() + "ms");
    }

    /** Waits for the end. */
    End await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return end.get(LAST_RESORT_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException _) {
                    expire(timedOut());
                    abandon();
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Interrupts it, and gives it up if it does not end within the grace period. */
    void expire(Throwable reason) {
        expiry = phase.get() == Phase.RUNNING ? reason : expiry;
        if (!phase.compareAndSet(Phase.RUNNING, Phase.INTERRUPTED)) {
            return;
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        try {
            Scheduler.Scheduled timer = scheduler.after(GRACE, this::abandon);
            end.whenComplete((_, _) -> timer.cancel());
        } catch (RejectedExecutionException closed) {
            abandon();
        }
    }

    private void abandon() {
        if (phase.compareAndSet(Phase.INTERRUPTED, Phase.ABANDONED)) {
            abandoned.run();
            end.complete(new Abandoned());
        }
    }

    private void run() {
        RecoveryOutcome outcome;
        try {
            outcome = checked(step.strategy().recover(new Context()));
        } catch (Throwable failure) { // the root of the thread
            boolean fatal = failure instanceof VirtualMachineError || failure instanceof LinkageError;
            outcome = new RecoveryOutcome.Failed(failure, !fatal);
        }
        switch (phase.getAndSet(Phase.ENDED)) {
            case RUNNING -> end.complete(new Returned(outcome));
            case INTERRUPTED -> end.complete(new Returned(RecoveryOutcome.failed(expiry)));
            case ABANDONED -> end.thenRun(strayEnded);
            case ENDED -> throw new IllegalStateException("a strategy ended twice");
        }
    }

    /** A recovery is believed once the component's probe confirms it, if it has one. */
    private RecoveryOutcome checked(@Nullable RecoveryOutcome outcome) throws Exception {
        if (outcome == null) {
            return RecoveryOutcome.failed(new IllegalStateException("strategy '" + step.name() + "': returned null"));
        }
        if (!(outcome instanceof RecoveryOutcome.Recovered) || probe == null) {
            return outcome;
        }
        Health health = probe.check();
        return switch (health.status()) {
            case UP -> outcome;
            case DEGRADED -> RecoveryOutcome.degraded(health.error() == null ? "the probe says so" : health.error());
            case DOWN, OUT_OF_SERVICE, UNKNOWN ->
                RecoveryOutcome.failed(new IllegalStateException("component '" + error.component() + "': strategy '"
                        + step.name() + "' says recovered, but the probe says " + health.status()
                        + (health.error() == null ? "" : ": " + health.error())));
        };
    }

    private final class Context implements RecoveryContext {
        @Override
        public ErrorRecord record() {
            return error;
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            CountDownLatch over = new CountDownLatch(1);
            Scheduler.Scheduled timer = scheduler.after(duration, over::countDown);
            try {
                if (!over.await(LAST_RESORT_SECONDS, TimeUnit.SECONDS)) {
                    throw new InterruptedException("the scheduler has stopped");
                }
            } finally {
                timer.cancel();
            }
        }
    }
}
