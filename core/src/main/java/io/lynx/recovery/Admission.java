package io.lynx.recovery;

import io.lynx.recovery.StrategyRegistry.Step;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which queued component is recovered next, the worst first, as slots and the budget allow. A component is in
 * here exactly once, since only the change to Queued puts it here; how many there can be is what {@link Components}
 * bounds. Thread-safe; decisions are made in the lane, one at a time.
 */
final class Admission {
    private final RecoveryRunner recoveries;
    private final StrategyRegistry strategies;
    private final RecoveryLog ledger;
    private final Elapsed elapsed;
    private final Scheduler scheduler;
    private final Queue<Component> arrivals = new ConcurrentLinkedQueue<>();
    private final Semaphore slots;
    private final AtomicInteger budgetReturns = new AtomicInteger();
    private final Lane lane;
    private volatile boolean closed;

    // For the lane only.
    private final List<Component> waiting = new ArrayList<>();
    private final RecoveryBudget budget;

    Admission(
            ErrorRecoveryManager.Builder builder,
            RecoveryRunner recoveries,
            StrategyRegistry strategies,
            RecoveryLog ledger,
            Elapsed elapsed,
            Scheduler scheduler) {
        int most = builder.config.maxConcurrentRecoveries();
        this.recoveries = recoveries;
        this.strategies = strategies;
        this.ledger = ledger;
        this.elapsed = elapsed;
        this.scheduler = scheduler;
        this.slots = new Semaphore(most);
        this.budget = new RecoveryBudget(most, 0);
        this.lane = new Lane(builder.threads, this::dispatch);
    }

    /** Takes in a component that was just changed to Queued. */
    void enqueue(Component component) {
        arrivals.add(component);
        lane.signal();
    }

    private void dispatch() {
        for (Component arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            waiting.add(arrival);
        }
        for (int unused = budgetReturns.getAndSet(0); unused > 0; unused--) {
            budget.giveBack();
        }
        while (!waiting.isEmpty()) {
            Component worst = worst();
            if (!(worst.state() instanceof Component.Queued queued)) {
                waiting.remove(worst);
            } else if (closed) {
                waiting.remove(worst);
                ledger.counts().cancelledInQueue();
                worst.hold(new Component.Idle());
            } else if (!admit(worst, queued)) {
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
        return component.state() instanceof Component.Queued(ErrorEntry error)
                ? RecoveryPolicy.ofComponent(error.record())
                : Integer.MAX_VALUE;
    }

    /**
     * Starts the recovery, or decides that there is none; returns false if it has to wait. Where the state has changed
     * meanwhile, since a worse error took the place of the one that was queued, the component stays for another look.
     */
    private boolean admit(Component component, Component.Queued queued) {
        List<Step> chain = strategies.chain(queued.error().record());
        boolean critical = queued.error().record().severity() == ErrorSeverity.CRITICAL;
        if (chain.isEmpty() && !critical) {
            if (component.change(queued, new Component.Cooling(null))) {
                waiting.remove(component);
                recoveries.skipped(component);
            }
            return true;
        }
        boolean exhausted = !chain.isEmpty()
                && chain.getFirst().restarts()
                && component.restarts().isExhausted(elapsed.nanos());
        if (chain.isEmpty() || exhausted) {
            String reason = exhausted ? component.restarts().tooMany() : "a critical error, and nothing to do about it";
            if (component.change(
                    queued, new Component.Parked(reason, queued.error().record().origin()))) {
                waiting.remove(component);
                recoveries.parked(component, reason);
            }
            return true;
        }
        if (!budget.tryTake(elapsed.nanos())) {
            wakeLater(budget.untilToken(elapsed.nanos()));
            return false;
        }
        if (!slots.tryAcquire()) {
            budget.giveBack();
            return false;
        }
        if (component.change(queued, new Component.Running(queued.error(), null))) {
            waiting.remove(component);
            recoveries.launch(component, queued.error(), chain);
        } else {
            slots.release();
            budget.giveBack();
        }
        return true;
    }

    private void wakeLater(Duration wait) {
        try {
            Scheduler.Scheduled _ = scheduler.after(wait, lane::signal);
        } catch (RejectedExecutionException noTimer) {
            closed = true;
        }
    }

    /** Has the lane look again. */
    void wake() {
        lane.signal();
    }

    /** Takes back what an admitted recovery held; {@link #wake} is to follow. */
    void releaseSlot() {
        slots.release();
    }

    /** Takes back a token of the budget that an admitted recovery did not use; {@link #wake} is to follow. */
    void giveBackToken() {
        budgetReturns.incrementAndGet();
    }

    /** Admits nothing any more; what is queued counts as cancelled. */
    void close() {
        closed = true;
        lane.signal();
    }

    boolean isClosed() {
        return closed;
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    Lane lane() {
        return lane;
    }
}
