package io.lynx.recovery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Writes down what recoveries do, and tells the observer and the listeners of it. Decides nothing. Thread-safe. */
final class Ledger {
    private final InstantSource clock;
    private final RecoveryObserver observer;
    private final EventQueue events;
    private final History<ErrorEntry> errors;
    private final History<RecoveryRecord> recoveries;
    private final RecoveryCounts counts = new RecoveryCounts();
    private final AtomicLong ids = new AtomicLong();

    Ledger(ErrorRecoveryManagerBuilder builder, EventQueue events, History<ErrorEntry> errors) {
        this.clock = builder.clock;
        this.observer = builder.observer;
        this.events = events;
        this.errors = errors;
        this.recoveries = new History<>(builder.config.maxRecoveryHistory());
    }

    Instant instant() {
        return clock.instant();
    }

    /** For the record of a recovery. */
    String nextId() {
        return "r-" + ids.incrementAndGet();
    }

    void recoveryStarted(ErrorRecord error) {
        events.offer(
                new RecoveryEvent.RecoveryStarted(error.component(), error.errorType(), error.severity(), error.id()));
    }

    void strategyFinished(ErrorRecord error, String strategy, RecoveryOutcome outcome, Duration took) {
        observer.strategyEnded(error.component(), error.errorType(), strategy, outcome, took);
        events.offer(new RecoveryEvent.StrategyFinished(error.component(), error.errorType(), strategy, outcome, took));
    }

    void strategyAbandoned(ErrorRecord error, String strategy, Duration took) {
        observer.strategyEnded(error.component(), error.errorType(), strategy, null, took);
        events.offer(new RecoveryEvent.StrategyAbandoned(error.component(), error.errorType(), strategy, took));
    }

    /** Keeps the record of a recovery that has ended. */
    void keep(RecoveryRecord report) {
        counts.ended(report.result());
        recoveries.add(report);
    }

    /** Tells of a recovery that was {@linkplain #keep kept}. */
    void announce(RecoveryRecord report) {
        observer.recoveryEnded(report);
        events.offer(new RecoveryEvent.RecoveryFinished(report));
    }

    void componentParked(Component component, String reason, long now) {
        events.offer(new RecoveryEvent.ComponentParked(
                component.name(), reason, component.restarts().count(now)));
    }

    void componentReleased(Component component) {
        events.offer(new RecoveryEvent.ComponentReleased(component.name()));
    }

    /** Marks the errors in the history that are such as recovered from now. */
    void markRecovered(Predicate<? super ErrorRecord> which) {
        Instant at = instant();
        errors.forEach(entry -> {
            if (which.test(entry.record())) {
                entry.recovered(at);
            }
        });
    }

    RecoveryCounts counts() {
        return counts;
    }

    /** The newest records of recoveries first. */
    List<RecoveryRecord> newest(int most) {
        return recoveries.newest(most);
    }
}
