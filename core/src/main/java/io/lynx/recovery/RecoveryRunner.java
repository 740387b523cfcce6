package io.lynx.recovery;

import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.StrategyRegistry.Step;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * And who knows what: Admission the queue, the slots and the budget; a RecoveryRun one recovery; StrategyRuns the strategies
 * that were abandoned; QuarantinedComponents what was given up; the RecoveryLog what has happened. A slot is taken by the lane and given
 * back in landed(), except by an abandoned flight, whose stray thread does it when it ends.
 */

/** Recovers components from errors, a few at a time. Thread-safe. */
final class RecoveryRunner {
    private static final Logger log = LoggerFactory.getLogger(RecoveryRunner.class);
    private static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    private volatile Duration timeout;
    private final Ticker ticker;
    private final Elapsed elapsed;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final CircuitBreakers breakers;
    private final RecoveryLog ledger;
    private final QuarantinedComponents parking;
    private final Admission admission;
    private final StrategyRuns runs;
    private final Set<RecoveryRun> active = ConcurrentHashMap.newKeySet();
    private final AtomicInteger flying = new AtomicInteger();
    private final CompletableFuture<Void> landed = new CompletableFuture<>();

    RecoveryRunner(
            ErrorRecoveryManager.Builder builder,
            Elapsed elapsed,
            Scheduler scheduler,
            Components components,
            StrategyRegistry strategies,
            CircuitBreakers breakers,
            RecoveryLog ledger,
            QuarantinedComponents parking) {
        this.timeout = builder.config.recoveryTimeout();
        this.ticker = builder.ticker;
        this.elapsed = elapsed;
        this.scheduler = scheduler;
        this.threads = builder.threads;
        this.breakers = breakers;
        this.ledger = ledger;
        this.parking = parking;
        this.admission = new Admission(builder, this, strategies, ledger, elapsed, scheduler);
        this.runs = new StrategyRuns(scheduler, components, strategies, ledger, admission);
    }

    /** Goes by {@code changed} where that is looked up on use. */
    void apply(ErrorRecoveryConfig changed) {
        timeout = changed.recoveryTimeout();
    }

    /** Asks for the recovery of a component. Never blocks and does nothing on this thread but ask. */
    Component.Offer offer(Component component, int urgency, Supplier<ErrorEntry> error) {
        Component.Offer offer = component.offer(urgency, error);
        if (offer == Component.Offer.QUEUED) {
            admission.enqueue(component);
        }
        return offer;
    }

    /** Starts a recovery that was admitted. */
    void launch(Component component, ErrorEntry error, List<Step> chain) {
        RecoveryRun flight = new RecoveryRun(this, component, error, chain, Deadline.after(timeout, ticker));
        flying.incrementAndGet();
        active.add(flight);
        if (admission.isClosed()) {
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

    /** Ends a flight: gives back what it holds, and decides what comes next for its component. */
    void landed(RecoveryRun flight, Result result) {
        Component component = flight.component();
        boolean critical = flight.error().record().severity() == ErrorSeverity.CRITICAL;
        RecoveryRecord report = flight.report(result);
        boolean isQueued =
                switch (result) {
                    case RECOVERED -> {
                        component.recovered(critical, now());
                        markRecovered(report);
                        yield next(component, null, COOL_DOWN);
                    }
                    case DEGRADED -> {
                        component.degraded(critical, now());
                        yield next(component, null, COOL_DOWN);
                    }
                    case FAILED -> {
                        boolean again = flight.needsAnotherRestart() && !admission.isClosed();
                        int doublings = again
                                ? Math.min(MOST_DOUBLINGS, component.restarts().count(now()))
                                : 0;
                        yield next(component, again ? flight.error() : null, COOL_DOWN.multipliedBy(1L << doublings));
                    }
                    case SKIPPED, CANCELLED, REFUSED -> next(component, null, COOL_DOWN);
                    case PARKED -> {
                        String reason = String.valueOf(report.note());
                        component.hold(new Component.Parked(
                                reason, flight.error().record().origin()));
                        parked(component, reason);
                        yield false;
                    }
                    // The stray may have ended first.
                    case ABANDONED -> false;
                };
        if (result == Result.REFUSED) {
            admission.giveBackToken();
        }
        if (result != Result.ABANDONED) {
            admission.releaseSlot();
        }
        ledger.keep(report);
        active.remove(flight);
        ledger.announce(report);
        if (isQueued) {
            // After it was announced, so that nobody hears of the next recovery's end before this one's.
            admission.enqueue(component);
        } else {
            admission.wake();
        }
        if (flying.decrementAndGet() == 0 && admission.isClosed()) {
            landed.complete(null);
        }
    }

    /** Ends what has not begun: an error that nobody knows anything to do about. */
    void skipped(Component component) {
        ledger.counts().skipped();
        coolAfter(component, COOL_DOWN);
    }

    /** A component was given up. */
    void parked(Component component, String reason) {
        parking.parked(component, reason, admission.isClosed());
    }

    /** Whether the component waits for its next recovery already, and has to be taken in. */
    private boolean next(Component component, @Nullable ErrorEntry again, Duration duration) {
        return switch (component.ended(again)) {
            case Component.Queued _ -> true;
            case Component.Cooling _ -> {
                coolAfter(component, duration);
                yield false;
            }
            case Component.Idle _,
                    Component.Running _,
                    Component.Parked _,
                    Component.Quarantined _,
                    Component.Forgotten _ -> false;
        };
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
            admission.enqueue(component);
        }
    }

    /** All errors of the component up to now that were no worse than the one recovered from. */
    private void markRecovered(RecoveryRecord report) {
        ledger.markRecovered(error ->
                error.component().equals(report.component()) && error.severity().compareTo(report.severity()) <= 0);
    }

    long now() {
        return elapsed.nanos();
    }

    ThreadFactory threads() {
        return threads;
    }

    CircuitBreaker breaker(String errorType) {
        return breakers.get(errorType);
    }

    RecoveryLog ledger() {
        return ledger;
    }

    StrategyRuns runs() {
        return runs;
    }

    RecoveryCounts counts() {
        return ledger.counts();
    }

    int active() {
        return active.size();
    }

    int freeSlots() {
        return admission.freeSlots();
    }

    /** Refuses what is new and cancels what runs. */
    void stop() {
        admission.close();
        active.forEach(RecoveryRun::cancel);
    }

    /** Completed when nothing runs; to be asked after {@link #stop}, when the lane is quiet. */
    CompletableFuture<Void> landed() {
        if (flying.get() == 0) {
            landed.complete(null);
        }
        return landed;
    }

    Lane lane() {
        return admission.lane();
    }

    /** What runs although it was told to end. */
    List<String> leftovers() {
        return Stream.concat(active.stream().map(RecoveryRun::describe), runs.strays().stream())
                .sorted()
                .toList();
    }
}
