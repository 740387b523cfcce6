package io.lynx.recovery;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of recoveries, then of what listeners have not heard yet, then of the timer if it is our own. It happens once.
 * Thread-safe.
 */
final class RecoveryShutdown {
    private final RecoveryRunner recoveries;
    private final Scheduler scheduler;
    private final @Nullable SystemScheduler ownScheduler;
    private final AtomicReference<@Nullable CompletableFuture<RecoveryCloseReport>> report = new AtomicReference<>();

    RecoveryShutdown(RecoveryRunner recoveries, Scheduler scheduler, @Nullable SystemScheduler ownScheduler) {
        this.recoveries = recoveries;
        this.scheduler = scheduler;
        this.ownScheduler = ownScheduler;
    }

    /** The first call closes; all get its report. */
    RecoveryCloseReport close(Deadline deadline) {
        CompletableFuture<RecoveryCloseReport> mine = new CompletableFuture<>();
        CompletableFuture<RecoveryCloseReport> first = report.compareAndExchange(null, mine);
        if (first != null) {
            return first.join();
        }
        recoveries.stop();
        awaitWithin(deadline, recoveries.lane().quiet());
        awaitWithin(deadline, recoveries.landed());
        RecoveryCloseReport found = new RecoveryCloseReport(recoveries.counts().cancelled(), recoveries.leftovers());
        if (ownScheduler != null) {
            ownScheduler.close();
        }
        mine.complete(found);
        return found;
    }

    /** By the scheduler's time and by real time, whichever is over first: the scheduler may have been closed. */
    private void awaitWithin(Deadline deadline, CompletableFuture<Void> end) {
        CompletableFuture<Void> over = end.copy();
        boolean interrupted = false;
        try {
            Scheduler.Scheduled timer = scheduler.after(deadline.remaining(), () -> over.complete(null));
            long realEnd = System.nanoTime() + deadline.remainingNanos();
            while (!over.isDone()) {
                try {
                    over.get(realEnd - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException | ExecutionException _) {
                    break;
                }
            }
            timer.cancel();
        } catch (RejectedExecutionException closed) {
            // without a scheduler nothing can be waited for
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
