package io.lynx.recovery;

import io.lynx.health.HealthCheck;
import io.lynx.recovery.RecoveryEvent.ComponentParked;
import io.lynx.recovery.RecoveryEvent.ComponentReleased;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.StrategyRegistry.Step;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Who does what on which thread:
 *
 *   recording threads   offer an error to its component; the one that finds it idle queues it and signals the lane
 *   the lane            one run at a time: takes queued components, the worst first, and admits them
 *   a flight's thread   takes the breaker's permit, runs the chain, gives the verdict, lands
 *   a strategy's thread does the work; if it was abandoned, it returns the slot when it ends after all
 *   the scheduler       interrupts and abandons strategies, ends cool-downs, wakes the lane when the budget has filled
 *
 * A slot is taken by the lane and given back in landed(), except by an abandoned flight, whose stray thread does it in
 * strayEnded(). A queued component is in the queue exactly once, since only the change to Queued puts it there.
 */

/** Recovers components from errors, a few at a time. Thread-safe. */
final class Recoveries {
    private static final Logger log = LoggerFactory.getLogger(Recoveries.class);
    private static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private final ErrorRecoveryConfig config;
    private final Ticker ticker;
    private final Elapsed elapsed;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final CircuitBreakers breakers;
    private final Components components;
    private final StrategyRegistry strategies;
    private final EventQueue events;
    private final RecoveryObserver observer;
    private final Consumer<? super String> onShutdown;
    private final History<ErrorEntry> errors;

    private final History<RecoveryRecord> history;
    private final RecoveryCounts counts = new RecoveryCounts();
    private final AtomicLong ids = new AtomicLong();
    private final Lane lane;
    private final Queue<Component> arrivals = new ConcurrentLinkedQueue<>();
    private final List<Component> waiting = new ArrayList<>();
    private final RecoveryBudget budget;
    private final AtomicInteger budgetReturns = new AtomicInteger();
    private final Semaphore slots;
    private final Set<Flight> active = ConcurrentHashMap.newKeySet();
    private final AtomicInteger flying = new AtomicInteger();
    private final Set<Stray> strays = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> landed = new CompletableFuture<>();
    private volatile boolean stopping;

    /** A strategy that was abandoned and still runs. */
    private record Stray(Component component, String description, Object identity) {}

    Recoveries(
            ErrorRecoveryManagerBuilder builder,
            Elapsed elapsed,
            Scheduler scheduler,
            Components components,
            StrategyRegistry strategies,
            CircuitBreakers breakers,
            EventQueue events,
            History<ErrorEntry> errors) {
        this.config = builder.config;
        this.ticker = builder.ticker;
        this.elapsed = elapsed;
        this.clock = builder.clock;
        this.scheduler = scheduler;
        this.threads = builder.threads;
        this.onShutdown = builder.onShutdown;
        this.components = components;
        this.strategies = strategies;
        this.breakers = breakers;
        this.events = events;
        this.observer = builder.observer;
        this.errors = errors;
        this.history = new History<>(config.maxRecoveryHistory());
        this.budget = new RecoveryBudget(config.maxConcurrentRecoveries(), 0);
        this.slots = new Semaphore(config.maxConcurrentRecoveries());
        this.lane = new Lane(threads, this::dispatch);
    }

    /** Asks for the recovery of a component. Never blocks and does nothing on this thread but ask. */
    Component.Offer offer(Component component, int urgency, Supplier<ErrorEntry> error) {
        Component.Offer offer = component.offer(urgency, error);
        if (offer == Component.Offer.QUEUED) {
            enqueue(component);
        }
        return offer;
    }

    private void enqueue(Component component) {
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
            } else if (stopping) {
                waiting.remove(worst);
                counts.cancelledInQueue();
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
                ? Urgency.ofComponent(error.record())
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
                counts.skipped();
                coolAfter(component, COOL_DOWN);
            }
            return true;
        }
        boolean exhausted = !chain.isEmpty()
                && chain.getFirst().restarts()
                && component.restarts().isExhausted(now());
        if (chain.isEmpty() || exhausted) {
            String reason = exhausted ? tooManyRestarts() : "a critical error, and nothing to do about it";
            if (component.change(
                    queued, new Component.Parked(reason, queued.error().record().origin()))) {
                waiting.remove(component);
                parked(component, reason);
            }
            return true;
        }
        if (!budget.tryTake(now())) {
            wakeLater(budget.untilToken(now()));
            return false;
        }
        if (!slots.tryAcquire()) {
            budget.giveBack();
            return false;
        }
        if (component.change(queued, new Component.Running(queued.error(), null))) {
            waiting.remove(component);
            launch(component, queued.error(), chain);
        } else {
            slots.release();
            budget.giveBack();
        }
        return true;
    }

    private void launch(Component component, ErrorEntry error, List<Step> chain) {
        Flight flight = new Flight(this, component, error, chain, Deadline.after(config.recoveryTimeout(), ticker));
        flying.incrementAndGet();
        active.add(flight);
        if (stopping) {
            flight.cancel();
        }
        try {
            threads.newThread(flight).start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            log.atWarn()
                    .setCause(noThread)
                    .addKeyValue("component", component.name())
                    .log("No thread for a recovery");
            landed(flight, Result.SKIPPED);
        }
    }

    private void wakeLater(Duration wait) {
        try {
            Scheduler.Scheduled _ = scheduler.after(wait, lane::signal);
        } catch (RejectedExecutionException closed) {
            stopping = true;
        }
    }

    /** Ends a flight: gives back what it holds, and decides what comes next for its component. */
    void landed(Flight flight, Result result) {
        Component component = flight.component();
        boolean critical = flight.error().record().severity() == ErrorSeverity.CRITICAL;
        RecoveryRecord report = flight.report(result);
        switch (result) {
            case RECOVERED -> {
                component.recovered(critical, now());
                markRecovered(report);
                next(component, null, COOL_DOWN);
            }
            case DEGRADED -> {
                component.degraded(critical, now());
                next(component, null, COOL_DOWN);
            }
            case FAILED -> {
                boolean again = flight.needsAnotherRestart() && !stopping;
                int doublings =
                        again ? Math.min(MOST_DOUBLINGS, component.restarts().count(now())) : 0;
                next(component, again ? flight.error() : null, COOL_DOWN.multipliedBy(1L << doublings));
            }
            case SKIPPED, CANCELLED, REFUSED -> next(component, null, COOL_DOWN);
            case PARKED -> {
                String reason = String.valueOf(report.note());
                component.hold(
                        new Component.Parked(reason, flight.error().record().origin()));
                parked(component, reason);
            }
            case ABANDONED -> {
                // strayEnded() may have come first
            }
        }
        if (result == Result.REFUSED) {
            budgetReturns.incrementAndGet();
        }
        if (result != Result.ABANDONED) {
            slots.release();
        }
        counts.ended(result);
        history.add(report);
        active.remove(flight);
        observer.recoveryEnded(report);
        events.offer(new RecoveryEvent.RecoveryFinished(report));
        lane.signal();
        if (flying.decrementAndGet() == 0 && stopping) {
            landed.complete(null);
        }
    }

    private void next(Component component, @Nullable ErrorEntry again, Duration duration) {
        switch (component.ended(again)) {
            case Component.Queued _ -> enqueue(component);
            case Component.Cooling _ -> coolAfter(component, duration);
            case Component.Idle _,
                    Component.Running _,
                    Component.Parked _,
                    Component.Quarantined _,
                    Component.Forgotten _ -> {}
        }
    }

    private void coolAfter(Component component, Duration duration) {
        try {
            Scheduler.Scheduled _ = scheduler.after(duration, () -> cooled(component));
        } catch (RejectedExecutionException closed) {
            cooled(component);
        }
    }

    private void cooled(Component component) {
        if (component.cooled()) {
            enqueue(component);
        }
    }

    private void parked(Component component, String reason) {
        events.offer(new ComponentParked(
                component.name(), reason, component.restarts().count(now())));
        if (config.onExhausted() == ErrorRecoveryConfig.OnExhausted.SHUTDOWN && !stopping) {
            try {
                onShutdown.accept("component '" + component.name() + "' was given up: " + reason);
            } catch (RuntimeException failure) {
                log.atError().setCause(failure).log("Asking for a shutdown failed");
            }
        }
    }

    /** All errors of the component up to now that were no worse than the one recovered from. */
    private void markRecovered(RecoveryRecord report) {
        Instant at = instant();
        errors.forEach(entry -> {
            ErrorRecord error = entry.record();
            if (error.component().equals(report.component()) && error.severity().compareTo(report.severity()) <= 0) {
                entry.recovered(at);
            }
        });
    }

    StrategyRun newRun(Step step, ErrorRecord error, Component component, Deadline deadline) {
        Deadline own = deadline.atMost(timeout(step));
        Stray stray = new Stray(component, Flight.describe(component.name(), step.name()), new Object());
        return new StrategyRun(
                step,
                error,
                verification(step, error),
                scheduler,
                own,
                own.remaining(),
                () -> abandon(component, stray),
                () -> strayEnded(stray));
    }

    /** What a recovery is to be confirmed by: the component's own probe, or else the check that reported the error. */
    private @Nullable HealthCheck verification(Step step, ErrorRecord error) {
        HealthCheck own = components.recovery(error.component()).probe();
        return own == null && !(step.strategy() instanceof ProbeStrategy) ? strategies.checkOf(error) : own;
    }

    /** What the strategy asks for, within the bounds; the longest if that is no duration to work with. */
    private static Duration timeout(Step step) {
        Duration longest = RecoveryStrategy.LONGEST_TIMEOUT;
        try {
            Duration timeout = step.strategy().timeout();
            return timeout.isPositive() && timeout.compareTo(longest) < 0 ? timeout : longest;
        } catch (RuntimeException careless) {
            return longest;
        }
    }

    private void abandon(Component component, Stray stray) {
        strays.add(stray);
        component.hold(new Component.Quarantined());
    }

    private void strayEnded(Stray stray) {
        strays.remove(stray);
        Component.State state = stray.component().state();
        if (state instanceof Component.Quarantined) {
            boolean _ = stray.component().change(state, new Component.Idle());
        }
        slots.release();
        events.offer(new ComponentReleased(stray.component().name()));
        lane.signal();
    }

    /** Lifts what was held against a component; returns false if a strategy still holds it, or it is unknown. */
    boolean reset(String name) {
        Component component = components.find(name);
        if (component == null) {
            return false;
        }
        component.absolve(now());
        Component.State state = component.state();
        if (state instanceof Component.Parked && component.change(state, new Component.Idle())) {
            events.offer(new ComponentReleased(component.name()));
        }
        return !(component.state() instanceof Component.Quarantined);
    }

    /** A check is well: what it reported is over, and what was given up because of it is not any more. */
    void healed(String name, String check) {
        Component component = components.find(name);
        if (component == null) {
            return;
        }
        if (component.checkHealed(check)) {
            Instant at = instant();
            errors.forEach(entry -> {
                if (entry.record().component().equals(component.name())
                        && isOf(entry.record().origin(), check)) {
                    entry.recovered(at);
                }
            });
        }
        Component.State state = component.state();
        if (state instanceof Component.Parked(String _, ErrorOrigin cause)
                && isOf(cause, check)
                && component.change(state, new Component.Idle())) {
            events.offer(new ComponentReleased(component.name()));
        }
    }

    private static boolean isOf(ErrorOrigin origin, String check) {
        return origin instanceof ErrorOrigin.Check(String name, boolean _) && name.equals(check);
    }

    void started(ErrorRecord error) {
        events.offer(
                new RecoveryEvent.RecoveryStarted(error.component(), error.errorType(), error.severity(), error.id()));
    }

    void finished(ErrorRecord error, String strategy, RecoveryOutcome outcome, Duration took) {
        observer.strategyEnded(error.component(), error.errorType(), strategy, outcome, took);
        events.offer(new RecoveryEvent.StrategyFinished(error.component(), error.errorType(), strategy, outcome, took));
    }

    void abandoned(ErrorRecord error, String strategy, Duration took) {
        observer.strategyEnded(error.component(), error.errorType(), strategy, null, took);
        events.offer(new RecoveryEvent.StrategyAbandoned(error.component(), error.errorType(), strategy, took));
    }

    String tooManyRestarts() {
        return config.maxRestarts() + " restarts within "
                + config.restartWindow().toSeconds() + "s did not help";
    }

    long now() {
        return elapsed.nanos();
    }

    Instant instant() {
        return clock.instant();
    }

    String nextId() {
        return "r-" + ids.incrementAndGet();
    }

    ThreadFactory threads() {
        return threads;
    }

    CircuitBreaker breaker(String errorType) {
        return breakers.get(errorType);
    }

    RecoveryCounts counts() {
        return counts;
    }

    int active() {
        return active.size();
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    List<RecoveryRecord> newest(int most) {
        return history.newest(most);
    }

    /** Refuses what is new and cancels what runs. */
    void stop() {
        stopping = true;
        lane.signal();
        active.forEach(Flight::cancel);
    }

    /** Completed when nothing runs; to be asked after {@link #stop}, when the lane is quiet. */
    CompletableFuture<Void> landed() {
        if (flying.get() == 0) {
            landed.complete(null);
        }
        return landed;
    }

    Lane lane() {
        return lane;
    }

    /** What runs although it was told to end. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        active.forEach(flight -> left.add(flight.describe()));
        strays.forEach(stray -> left.add(stray.description()));
        return left.stream().sorted().toList();
    }
}
