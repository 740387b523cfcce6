package io.lynx.recovery.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
    private static final int IDLE_SECONDS = 10;

    private final RecoveryEngine engine;
    private final Scheduler scheduler;
    private final CircuitBreakers breakers;
    private final StrategyRegistry strategies;
    private final RecoveryLog log;
    private final int slotCount;
    private final Semaphore slots;
    private final Budget budget;
    private final Queue<Component> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final ThreadPoolExecutor dispatcher;
    private final Set<RecoveryRun> active = ConcurrentHashMap.newKeySet();
    private final Set<RecoveryRun> strays = ConcurrentHashMap.newKeySet();
    private final Set<RecoveryRun> straysWithSlot = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
    private volatile boolean isClosed;

    /** Components that wait for a slot or the budget; for the dispatcher only. */
    private final List<Component> waiting = new ArrayList<>();

    RecoveryRunner(
            RecoveryEngine engine,
            Scheduler scheduler,
            CircuitBreakers breakers,
            StrategyRegistry strategies,
            RecoveryLog log) {
        this.engine = engine;
        this.scheduler = scheduler;
        this.breakers = breakers;
        this.strategies = strategies;
        this.log = log;
        this.slotCount = engine.config().maxConcurrentRecoveries();
        this.slots = new Semaphore(slotCount);
        this.budget = new Budget(slotCount);
        this.dispatcher = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("lynx-recovery-dispatcher").daemon().factory());
        dispatcher.allowCoreThreadTimeOut(true);
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
        arrivals.add(component);
        wake();
    }

    /** Makes the dispatcher look at the queue again. */
    private void wake() {
        if (isWoken.compareAndSet(false, true)) {
            try {
                dispatcher.execute(this::dispatch);
            } catch (RuntimeException | OutOfMemoryError noThread) {
                isWoken.set(false);
                LOG.atWarn().setCause(noThread).log("No thread for recoveries; trying again with the next error");
            }
        }
    }

    private void dispatch() {
        isWoken.set(false);
        for (Component arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            waiting.add(arrival);
        }
        while (!waiting.isEmpty()) {
            Component worst = worst();
            if (!(worst.state() instanceof Component.Queued queued)) {
                waiting.remove(worst);
            } else if (isClosed) {
                waiting.remove(worst);
                log.cancelledInQueue();
                worst.hold(new Component.Idle());
            } else if (!start(worst, queued)) {
                return;
            }
        }
    }

    private Component worst() {
        Component worst = waiting.getFirst();
        for (Component other : waiting) {
            if (urgency(other) > urgency(worst)) {
                worst = other;
            }
        }
        return worst;
    }

    private static int urgency(Component component) {
        return component.state() instanceof Component.Queued(RecordedError error)
                ? RecoveryPolicy.ofComponent(error.record())
                : Integer.MAX_VALUE;
    }

    /**
     * Starts the recovery; returns false if it has to wait. Where a worse error took the place of the queued one
     * meanwhile, the component stays for another look.
     */
    private boolean start(Component component, Component.Queued queued) {
        if (!budget.tryTake(now())) {
            after(budget.untilToken(now()), this::wake);
            return false;
        }
        if (!slots.tryAcquire()) {
            budget.giveBack();
            return false;
        }
        if (!component.change(queued, new Component.Running(queued.error(), null))) {
            slots.release();
            budget.giveBack();
            return true;
        }
        waiting.remove(component);
        Deadline deadline = Deadline.after(engine.config().recoveryTimeout(), engine.ticker());
        RecoveryRun run = new RecoveryRun(this, component, queued.error(), deadline);
        started.incrementAndGet();
        active.add(run);
        if (isClosed) {
            run.cancel();
        }
        try {
            engine.threads().newThread(run).start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            LOG.atWarn()
                    .setCause(noThread)
                    .addKeyValue("component", component.name())
                    .log("No thread for a recovery; it is skipped");
            ended(run, Result.SKIPPED);
        }
        return true;
    }

    /** Ends a recovery: gives back what it holds, and decides what comes next for its component. */
    void ended(RecoveryRun run, Result result) {
        Component component = run.component();
        RecoveryRecord report = run.report(result);
        boolean isQueued = settle(run, result, report);
        if (result == Result.REFUSED || run.isEmpty(result)) {
            budget.giveBack();
        }
        slots.release();
        finish(run, result, report);
        if (isQueued) {
            // After the end was announced, so that no consumer receives the end of the next recovery before this one's.
            enqueue(component);
        } else {
            wake();
        }
        completed();
    }

    private boolean settle(RecoveryRun run, Result result, RecoveryRecord report) {
        Component component = run.component();
        boolean isCritical = run.error().record().severity() == ErrorSeverity.CRITICAL;
        switch (result) {
            case RECOVERED -> {
                component.recovered(isCritical, now());
                log.markRecovered(report, run.error().record(), run.hasRestarted());
            }
            case DEGRADED -> component.degraded(isCritical, now());
            case FAILED, PARKED, ABANDONED -> component.failed(now());
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
        active.remove(run);
        if (run.isEmpty(result)) {
            log.skipped();
        } else {
            log.finished(report);
        }
    }

    private void completed() {
        if (started.decrementAndGet() == 0 && isClosed) {
            allEnded.complete(null);
        }
    }

    /** Ends a recovery whose strategy does not return; its component is held until it does. */
    void abandoned(RecoveryRun run) {
        RecoveryRecord report = run.report(Result.ABANDONED);
        Component component = run.component();
        component.failed(now());
        component.hold(new Component.Held());
        strays.add(run);
        synchronized (straysWithSlot) {
            if (straysWithSlot.size() < slotCount / 2) {
                straysWithSlot.add(run);
            } else {
                slots.release();
            }
        }
        finish(run, Result.ABANDONED, report);
        wake();
        completed();
    }

    /** A strategy that was abandoned has returned. */
    void strayEnded(RecoveryRun run) {
        strays.remove(run);
        synchronized (straysWithSlot) {
            if (straysWithSlot.remove(run)) {
                slots.release();
            }
        }
        Component component = run.component();
        Component.State state = component.state();
        if (state instanceof Component.Held) {
            if (component.quarantine() != null) {
                engine.quarantine().park(component);
            } else if (component.change(state, new Component.Idle())) {
                log.componentReleased(component);
            }
        }
        wake();
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

    StrategyRegistry strategies() {
        return strategies;
    }

    RecoveryLog log() {
        return log;
    }

    CircuitBreaker breaker(ErrorRecord error) {
        return breakers.get(error.errorType());
    }

    BuiltInStrategies.@Nullable ProbedCheck checkOf(ErrorRecord error) {
        return engine.checkOf(error);
    }

    /** Returns the number of recoveries in which a strategy is being tried. */
    int active() {
        return (int) active.stream().filter(RecoveryRun::isInStrategy).count();
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    /** Returns whether the dispatcher has nothing to do and every recovery in progress is in a strategy. */
    boolean isSettled() {
        return !isWoken.get()
                && dispatcher.getActiveCount() == 0
                && arrivals.isEmpty()
                && active.stream().allMatch(RecoveryRun::isInStrategy);
    }

    /** Refuses new recoveries and cancels those in progress; returns a future that completes when all have ended. */
    CompletableFuture<Void> stop() {
        isClosed = true;
        active.forEach(RecoveryRun::cancel);
        wake();
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        try {
            // Behind the dispatch that cancels what is queued.
            dispatcher.execute(() -> {
                if (started.get() == 0) {
                    allEnded.complete(null);
                }
                quiet.complete(null);
            });
        } catch (RuntimeException | OutOfMemoryError noThread) {
            quiet.complete(null);
        }
        // Its thread ends with its work; a recovery that was left behind may still wake it.
        dispatcher.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        return CompletableFuture.allOf(quiet, allEnded);
    }

    /** Returns what is still running, one line each. */
    List<String> leftovers() {
        return Stream.concat(active.stream(), strays.stream())
                .map(RecoveryRun::describe)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * A token bucket over all components, so that a wave of errors does not become a wave of recoveries: ten recoveries a
     * minute for each slot. Thread-safe.
     */
    private static final class Budget {
        private static final int TOKENS_PER_SLOT = 10;
        private static final double MINUTE = Duration.ofMinutes(1).toNanos();

        private final double capacity;

        @GuardedBy("this")
        private double tokens;

        @GuardedBy("this")
        private long filledAt;

        Budget(int slots) {
            this.capacity = (double) slots * TOKENS_PER_SLOT;
            this.tokens = capacity;
        }

        synchronized boolean tryTake(long now) {
            fill(now);
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }

        synchronized void giveBack() {
            tokens = Math.min(capacity, tokens + 1);
        }

        synchronized Duration untilToken(long now) {
            fill(now);
            return Duration.ofNanos((long) Math.ceil(Math.max(0, 1 - tokens) * MINUTE / capacity) + 1);
        }

        @GuardedBy("this")
        private void fill(long now) {
            long passed = now - filledAt;
            if (passed > 0) {
                tokens = Math.min(capacity, tokens + passed / MINUTE * capacity);
                filledAt = now;
            }
        }
    }
}
