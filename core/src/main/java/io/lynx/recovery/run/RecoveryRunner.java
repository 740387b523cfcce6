package io.lynx.recovery.run;

import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryCloseReport.UnfinishedRecovery;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RecoveryQueue.Turn;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Threads:
 *
 *   recording threads   offer an error to its component; the one that finds it idle queues it and wakes the dispatcher
 *   the dispatcher      a platform thread: starts the recoveries of queued components, the worst first, as slots and
 *                       budget allow; calls no user code
 *   a recovery's thread selects and runs the strategies, gives the verdict, ends the recovery
 *   the scheduler       interrupts and abandons strategies, ends cool-downs, starts the attempts of quarantines
 *
 * A slot is taken by the dispatcher and given back when the recovery ends. An abandoned recovery keeps its slot until its
 * strategy returns, as long as abandoned ones hold at most half of the slots.
 */

/** Starts and ends the recoveries of components: owns their queue, slots and budget. Thread-safe. */
final class RecoveryRunner {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryRunner.class);
    private static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 5;

    private final RecoveryEngine engine;
    private final Scheduler scheduler;
    private final RecoveryLog log;
    private final RecoveryLimits limits;
    private final RecoveryQueue queue = new RecoveryQueue(this::start, this::notStarted);
    private final Set<RecoveryRun> active = ConcurrentHashMap.newKeySet();
    private final Set<RecoveryRun> strays = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
    private volatile boolean isClosed;

    RecoveryRunner(RecoveryEngine engine, Scheduler scheduler, RecoveryLog log) {
        this.engine = engine;
        this.scheduler = scheduler;
        this.log = log;
        this.limits = new RecoveryLimits(engine.config().maxConcurrentRecoveries());
    }

    /** Requests the recovery of a component. Never blocks; all that it does on this thread is the request. */
    Component.Offer offer(Component component, int urgency, Supplier<RecordedError> error) {
        Component.Offer offer = component.offer(urgency, error);
        if (offer == Component.Offer.QUEUED) {
            enqueue(component);
        }
        return offer;
    }

    /** Accepts a component that was just changed to QUEUED. */
    void enqueue(Component component) {
        queue.add(component);
    }

    private Turn start(Component component, Component.Queued queued) {
        if (isClosed) {
            log.cancelledInQueue();
            component.hold(new Component.Idle());
            return Turn.OVER;
        }
        // Made before anything is taken, as this throws if a class cannot be loaded.
        Deadline deadline = Deadline.after(engine.config().recoveryTimeout(), engine.ticker());
        RecoveryRun run = new RecoveryRun(this, component, queued.error(), deadline);
        long now = now(); // One reading for both: a token that came between two would not wake the queue.
        if (!limits.tryTake(now)) {
            Duration untilToken = limits.untilToken(now);
            if (untilToken.isPositive()) {
                after(untilToken, queue::wake);
            }
            return Turn.WAIT;
        }
        if (!component.change(queued, new Component.Running(queued.error(), null))) {
            limits.releaseSlot();
            limits.giveBackToken();
            return Turn.AGAIN;
        }
        started.incrementAndGet();
        active.add(run);
        try {
            if (isClosed) {
                run.cancel();
            }
            engine.threads().newThread(run).start();
        } catch (RuntimeException | LinkageError | OutOfMemoryError noThread) {
            LOG.atWarn()
                    .setCause(noThread)
                    .addKeyValue("component", component.name())
                    .log("No thread for a recovery; it is skipped");
            ended(run, Result.SKIPPED);
        }
        return Turn.OVER;
    }

    /** The recovery of a component could not be started. */
    private void notStarted(Component component) {
        if (!engine.quarantine().attemptEnded(component, Result.FAILED)) {
            component.hold(new Component.Idle());
        }
    }

    /** Ends a recovery: gives back what it holds, and decides what comes next for its component. */
    void ended(RecoveryRun run, Result result) {
        Component component = run.component();
        RecoveryRecord report = run.report(result);
        boolean isQueued = settle(run, result, report);
        if (result == Result.REFUSED || run.isEmpty(result)) {
            limits.giveBackToken();
        }
        limits.releaseSlot();
        finish(run, result, report);
        if (isQueued) {
            // After the end was announced, so that no consumer receives the end of the next recovery before this one's.
            enqueue(component);
        } else {
            queue.wake();
        }
        completed();
    }

    private boolean settle(RecoveryRun run, Result result, RecoveryRecord report) {
        Component component = run.component();
        boolean isCritical = run.error().record().severity() == ErrorSeverity.CRITICAL;
        switch (result) {
            case RECOVERED -> {
                component.health().recovered(isCritical, now());
                log.markRecovered(report, run.error().record(), run.hasRestarted());
            }
            case DEGRADED -> component.health().degraded(isCritical, now());
            case FAILED, PARKED, ABANDONED -> component.health().failed(now());
            case SKIPPED, CANCELLED, REFUSED -> {}
        }
        if (run.isAttempt() && engine.quarantine().attemptEnded(component, result)) {
            return false;
        }
        return switch (result) {
            case RECOVERED, DEGRADED, SKIPPED, CANCELLED, REFUSED, ABANDONED -> next(component, null, COOL_DOWN);
            case FAILED -> {
                boolean again = run.needsAnotherRestart() && !isClosed;
                int doublings =
                        again ? Math.min(MAX_DOUBLINGS, component.restarts().count(now())) : 0;
                yield next(component, again ? run.error() : null, COOL_DOWN.multipliedBy(1L << doublings));
            }
            case PARKED -> {
                engine.quarantine().begin(component, String.valueOf(report.note()), run.error(), isClosed);
                yield false;
            }
        };
    }

    private void finish(RecoveryRun run, Result result, RecoveryRecord report) {
        log.count(result); // First, so that a close finds it among the counted or the active ones.
        active.remove(run);
        if (!run.isEmpty(result)) {
            log.finished(report);
        }
    }

    private void completed() {
        if (started.decrementAndGet() == 0 && isClosed) {
            endIfQuiet();
        }
    }

    /** On the dispatcher. What the last recovery has queued is cancelled before the stop is complete. */
    private void endIfNoneRuns() {
        if (started.get() == 0) {
            if (queue.isDispatchDue()) {
                endIfQuiet();
            } else {
                allEnded.complete(null);
            }
        }
    }

    /** Completes the stop if nothing runs, behind a dispatch that is in progress: it may start a recovery or cancel what is queued. */
    private void endIfQuiet() {
        boolean isRun = queue.afterDispatch(this::endIfNoneRuns);
        if (!isRun) {
            allEnded.complete(null);
        }
    }

    /** Ends a recovery whose strategy does not return; its component is held until it does. */
    void abandoned(RecoveryRun run) {
        RecoveryRecord report = run.report(Result.ABANDONED);
        Component component = run.component();
        component.health().failed(now());
        component.hold(new Component.Held());
        strays.add(run);
        limits.abandon(run);
        finish(run, Result.ABANDONED, report);
        queue.wake();
        completed();
    }

    /** A strategy that was abandoned has returned. */
    void strayEnded(RecoveryRun run) {
        strays.remove(run);
        limits.strayEnded(run);
        Component component = run.component();
        Component.State state = component.state();
        if (state instanceof Component.Held) {
            if (component.quarantine() != null) {
                engine.quarantine().park(component);
            } else if (component.change(state, new Component.Idle())) {
                log.componentReleased(component);
            }
        }
        queue.wake();
    }

    /** Returns whether the component already waits for its next recovery, and has to be queued. */
    private boolean next(Component component, @Nullable RecordedError again, Duration duration) {
        return switch (component.ended(again)) {
            case Component.Queued _ -> true;
            case Component.Cooling _ -> {
                after(duration, () -> {
                    if (component.cooled()) {
                        enqueue(component);
                    }
                });
                yield false;
            }
            case Component.Idle _, Component.Running _, Component.Parked _, Component.Held _, Component.Forgotten _ ->
                false;
        };
    }

    /** Runs a task later, or not at all if the scheduler was closed. */
    void after(Duration delay, Runnable task) {
        try {
            Scheduler.Scheduled _ = scheduler.after(delay, task);
        } catch (RejectedExecutionException closed) {
            isClosed = true;
        }
    }

    long now() {
        return engine.now();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    RecoveryEngine engine() {
        return engine;
    }

    RecoveryLog log() {
        return log;
    }

    /** Returns the number of recoveries in which a strategy is being tried. */
    int active() {
        return (int) active.stream().filter(RecoveryRun::isInStrategy).count();
    }

    int freeSlots() {
        return limits.freeSlots();
    }

    /** Returns whether the dispatcher has nothing to do and every recovery in progress is in a strategy. */
    boolean isSettled() {
        // A recovery that ends wakes the dispatcher before it is over, and the dispatcher may begin another one.
        return active() == started.get() && queue.isIdle() && active() == started.get();
    }

    /** Refuses new recoveries and cancels those in progress; returns a future that completes when all have ended. */
    CompletableFuture<Void> stop() {
        isClosed = true;
        active.forEach(RecoveryRun::cancel);
        queue.wake();
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        // Behind the dispatch that cancels what is queued.
        boolean isRun = queue.afterDispatch(() -> {
            endIfNoneRuns();
            quiet.complete(null);
        });
        if (!isRun) {
            quiet.complete(null);
        }
        // Its thread ends with its work; a recovery that was left behind may still wake it.
        queue.endThreadSoon();
        return CompletableFuture.allOf(quiet, allEnded);
    }

    /** Returns what is still running, but for restarts: those end within the deadlines of their plugins. */
    List<UnfinishedRecovery> leftovers() {
        // One after the other: a recovery that is being abandoned is among the strays before it leaves the active ones.
        Set<RecoveryRun> left = new HashSet<>(active);
        left.addAll(strays);
        return left.stream()
                .filter(run -> !run.isRestarting())
                .map(RecoveryRun::unfinished)
                .sorted(Comparator.comparing(UnfinishedRecovery::what))
                .toList();
    }
}
