package io.lynx.recovery;

import io.lynx.extension.Notifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Writes down what recoveries do, and tells the observer and the listeners of it. Decides nothing. Thread-safe. */
final class RecoveryLog {
    private final InstantSource clock;
    private final Notifier<RecoveryEvent> notifier;
    private final ErrorHistory<ErrorEntry> errors;
    private final ErrorHistory<RecoveryRecord> recoveries;
    private final RecoveryCounts counts = new RecoveryCounts();
    private final AtomicLong ids = new AtomicLong();

    RecoveryLog(
            ErrorRecoveryManager.Builder builder, Notifier<RecoveryEvent> notifier, ErrorHistory<ErrorEntry> errors) {
        this.clock = builder.clock;
        this.notifier = notifier;
        this.errors = errors;
        this.recoveries = new ErrorHistory<>(builder.config.maxRecoveryHistory());
    }

    private void publish(RecoveryEvent event) {
        notifier.publish(event);
    }

    Instant instant() {
        return clock.instant();
    }

    /** For the record of a recovery. */
    String nextId() {
        return "r-" + ids.incrementAndGet();
    }

    void recoveryStarted(ErrorRecord error) {
        publish(new RecoveryEvent.RecoveryStarted(error.component(), error.errorType(), error.severity(), error.id()));
    }

    void strategyFinished(ErrorRecord error, String strategy, RecoveryOutcome outcome, Duration took) {
        publish(new RecoveryEvent.StrategyFinished(error.component(), error.errorType(), strategy, outcome, took));
    }

    void strategyAbandoned(ErrorRecord error, String strategy, Duration took) {
        publish(new RecoveryEvent.StrategyAbandoned(error.component(), error.errorType(), strategy, took));
    }

    /** Keeps the record of a recovery that has ended. */
    void keep(RecoveryRecord report) {
        counts.ended(report.result());
        recoveries.add(report);
    }

    /** Tells of a recovery that was {@linkplain #keep kept}. */
    void announce(RecoveryRecord report) {
        publish(new RecoveryEvent.RecoveryFinished(report));
    }

    void componentParked(Component component, String reason, long now) {
        publish(new RecoveryEvent.ComponentQuarantined(
                component.name(), reason, component.restarts().count(now), Optional.empty()));
    }

    void componentReleased(Component component) {
        publish(new RecoveryEvent.ComponentReleased(component.name()));
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
