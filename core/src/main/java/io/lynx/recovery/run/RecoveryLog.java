package io.lynx.recovery.run;

import io.lynx.extension.Notifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Keeps and counts what recoveries do, and publishes it as events. Decides nothing. Thread-safe. */
final class RecoveryLog {
    private final InstantSource clock;
    private final Notifier<RecoveryEvent> notifier;
    private final ErrorHistory<RecordedError> errors;
    private final ErrorHistory<RecoveryRecord> recoveries;
    private final Map<RecoveryRecord.Result, LongAdder> ended = new EnumMap<>(RecoveryRecord.Result.class);
    private final LongAdder cancelledInQueue = new LongAdder();
    private final AtomicLong ids = new AtomicLong();

    RecoveryLog(
            InstantSource clock,
            Notifier<RecoveryEvent> notifier,
            ErrorHistory<RecordedError> errors,
            int maxRecoveryHistory) {
        this.clock = clock;
        this.notifier = notifier;
        this.errors = errors;
        this.recoveries = new ErrorHistory<>(maxRecoveryHistory);
        for (RecoveryRecord.Result result : RecoveryRecord.Result.values()) {
            ended.put(result, new LongAdder());
        }
    }

    Instant instant() {
        return clock.instant();
    }

    /** Returns an id for the record of a recovery. */
    String nextId() {
        return "r-" + ids.incrementAndGet();
    }

    void recoveryStarted(ErrorRecord error) {
        notifier.publish(
                new RecoveryEvent.RecoveryStarted(error.component(), error.errorType(), error.severity(), error.id()));
    }

    void strategyFinished(ErrorRecord error, String strategy, RecoveryOutcome outcome, Duration took) {
        notifier.publish(
                new RecoveryEvent.StrategyFinished(error.component(), error.errorType(), strategy, outcome, took));
    }

    void strategyAbandoned(ErrorRecord error, String strategy, Duration took) {
        notifier.publish(new RecoveryEvent.StrategyAbandoned(error.component(), error.errorType(), strategy, took));
    }

    /** Counts a recovery that has ended. */
    void count(RecoveryRecord.Result result) {
        counter(result).increment();
    }

    /** Keeps and publishes the record of a recovery that has ended. */
    void finished(RecoveryRecord report) {
        recoveries.add(report);
        notifier.publish(new RecoveryEvent.RecoveryFinished(report));
    }

    void cancelledInQueue() {
        cancelledInQueue.increment();
    }

    void componentQuarantined(Component component, String reason, long now, Optional<Duration> nextAttempt) {
        notifier.publish(new RecoveryEvent.ComponentQuarantined(
                component.name(), reason, component.restarts().count(now), nextAttempt));
    }

    void componentReleased(Component component) {
        notifier.publish(new RecoveryEvent.ComponentReleased(component.name()));
    }

    /**
     * Marks the errors that a recovery was about: those of its component that were no worse, of the same type and origin or,
     * after a restart, of any type that did not come from requests or jobs.
     */
    void markRecovered(RecoveryRecord report, ErrorRecord cause, boolean hasRestarted) {
        markRecovered(error -> error.component().equals(report.component())
                && error.severity().compareTo(report.severity()) <= 0
                && (isLike(error, cause) || (hasRestarted && isOfComponent(error.origin()))));
    }

    private static boolean isLike(ErrorRecord error, ErrorRecord cause) {
        return error.errorType().equals(cause.errorType())
                && error.origin().getClass() == cause.origin().getClass();
    }

    private static boolean isOfComponent(ErrorOrigin origin) {
        return switch (origin) {
            case ErrorOrigin.Request _, ErrorOrigin.Job _ -> false;
            case ErrorOrigin.Component _, ErrorOrigin.Check _ -> true;
        };
    }

    /** Marks the errors in the history that match as recovered from now. */
    void markRecovered(Predicate<? super ErrorRecord> which) {
        Instant at = instant();
        errors.forEach(entry -> {
            if (which.test(entry.record())) {
                entry.recovered(at);
            }
        });
    }

    private LongAdder counter(RecoveryRecord.Result result) {
        return Objects.requireNonNull(ended.get(result));
    }

    /** Returns how many recoveries ended like this. */
    long ended(RecoveryRecord.Result result) {
        return counter(result).sum();
    }

    /** Returns how many recoveries a shutdown cancelled, before they began or later. */
    long cancelled() {
        return ended(RecoveryRecord.Result.CANCELLED) + cancelledInQueue.sum();
    }

    /** Returns how many recoveries ended in which something was tried. */
    long total() {
        long sum = 0;
        for (RecoveryRecord.Result result : RecoveryRecord.Result.values()) {
            sum += switch (result) {
                case RECOVERED, DEGRADED, FAILED, ABANDONED, PARKED -> ended(result);
                case SKIPPED, CANCELLED, REFUSED -> 0;
            };
        }
        return sum;
    }

    /** Returns at most {@code limit} recoveries, the most recent first. */
    List<RecoveryRecord> newest(int limit) {
        return recoveries.newest(limit);
    }
}
