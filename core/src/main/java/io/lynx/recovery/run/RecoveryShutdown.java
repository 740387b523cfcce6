package io.lynx.recovery.run;

import io.lynx.recovery.RecoveryCloseReport;
import io.lynx.recovery.RecoveryCloseReport.UnfinishedRecovery;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Ends the recoveries, then the scheduler if it is the manager's own. It happens once. Thread-safe. */
final class RecoveryShutdown {
    private final RecoveryRunner runner;
    private final RecoveryLog log;
    private final Scheduler scheduler;
    private final @Nullable SystemScheduler ownScheduler;
    private final AtomicReference<@Nullable CompletableFuture<RecoveryCloseReport>> report = new AtomicReference<>();

    RecoveryShutdown(
            RecoveryRunner runner, RecoveryLog log, Scheduler scheduler, @Nullable SystemScheduler ownScheduler) {
        this.runner = runner;
        this.log = log;
        this.scheduler = scheduler;
        this.ownScheduler = ownScheduler;
    }

    /** Closes on the first call; every call returns the report of the first. */
    RecoveryCloseReport close(Deadline deadline) {
        CompletableFuture<RecoveryCloseReport> mine = new CompletableFuture<>();
        CompletableFuture<RecoveryCloseReport> first = report.compareAndExchange(null, mine);
        if (first != null) {
            return first.join();
        }
        await(deadline, runner.stop());
        // In this order: a recovery is counted before it leaves those that run.
        List<UnfinishedRecovery> left = runner.leftovers();
        RecoveryCloseReport made = new RecoveryCloseReport(log.cancelled(), left);
        if (ownScheduler != null) {
            ownScheduler.close();
        }
        mine.complete(made);
        return made;
    }

    /** Waits by the scheduler's time and by real time, whichever is over first: the scheduler may have been closed. */
    private void await(Deadline deadline, CompletableFuture<Void> end) {
        CompletableFuture<Void> over = end.copy();
        long longest = deadline.remainingNanos();
        boolean interrupted = false;
        try {
            Scheduler.Scheduled timer = scheduler.after(deadline.remaining(), () -> over.complete(null));
            while (!over.isDone()) {
                try {
                    over.get(longest, TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException | ExecutionException _) {
                    break;
                }
            }
            timer.cancel();
        } catch (RejectedExecutionException closed) {
            // without a scheduler there is nothing to wait with
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
