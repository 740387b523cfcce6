package io.lynx.recovery.run;

import io.lynx.extension.Notifier;
import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.classify.BoundedText;
import io.lynx.recovery.classify.Fingerprint;
import io.lynx.recovery.classify.FingerprintCounts;
import io.lynx.recovery.run.RecordedError.LazyErrorRecord;
import io.lynx.time.Ticker;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes errors: counts them by type and fingerprint, puts them into the history or counts them as sampled out, and offers
 * them to the recovery of their component. Never blocks and never throws, whatever the methods of exceptions and context
 * values do. The full record is made only if the history or a recovery needs it. Thread-safe.
 */
final class ErrorRecorder {
    private final boolean recovers;
    private final Ticker elapsed;
    private final ErrorClassifier classifier;
    private final LazyErrorRecord.Source source;
    private final ErrorTypeCounts types;
    private final FingerprintCounts fingerprints = new FingerprintCounts();
    private final ErrorHistory<RecordedError> history;
    private final LongAdder rejected = new LongAdder();
    private final LongAdder sampledOut = new LongAdder();
    private final Components components;
    private final RecoveryRunner runner;
    private final Notifier<RecoveryEvent> notifier;

    ErrorRecorder(
            RecoveryEngine.Setup setup,
            ErrorTypeCounts types,
            ErrorHistory<RecordedError> history,
            Components components,
            RecoveryRunner runner,
            Notifier<RecoveryEvent> notifier) {
        Ticker ticker = setup.ticker();
        long start = ticker.nanos();
        this.recovers = setup.config().enabled();
        this.elapsed = () -> ticker.nanos() - start;
        this.classifier = setup.classifier();
        this.source = new LazyErrorRecord.Source(setup.clock(), setup.environment(), setup.version());
        this.types = types;
        this.history = history;
        this.components = components;
        this.runner = runner;
        this.notifier = notifier;
    }

    /** Records an error that is described by its parts. */
    void record(
            @Nullable String component,
            @Nullable String errorType,
            @Nullable String message,
            @Nullable ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        Classification classification = classificationOf(errorType, null, severity);
        record(ErrorOrigin.component(), component, errorType, message, classification, context);
    }

    /** Records an error, or counts it as rejected. */
    void record(ErrorReport report) {
        Throwable throwable = report.throwable();
        Classification found = report.classification();
        if (found == null) {
            found = throwable == null
                    ? classificationOf(report.errorType(), report.category(), report.severity())
                    : classifier.classify(throwable);
        }
        if (found.disposition() == Disposition.REJECTED) {
            rejected.increment();
            return;
        }
        Classification classification = found.with(report.category(), report.severity());
        String errorType = report.errorType() == null ? classification.errorType() : report.errorType();
        if (throwable == null) {
            record(report.origin(), report.component(), errorType, report.message(), classification, report.context());
            return;
        }
        ErrorTypeCounts.Counts counts = types.of(errorType);
        record(
                report.origin(),
                counts,
                classification,
                Fingerprint.of(counts.errorType, throwable),
                report.message() == null ? message(throwable) : report.message(),
                throwable,
                report.component(),
                report.context());
    }

    private void record(
            ErrorOrigin origin,
            @Nullable String component,
            @Nullable String errorType,
            @Nullable String message,
            Classification classification,
            @Nullable Map<String, ?> context) {
        ErrorTypeCounts.Counts counts = types.of(errorType);
        long fingerprint = Fingerprint.of(counts.errorType, message);
        record(origin, counts, classification, fingerprint, message, null, component, context);
    }

    private static Classification classificationOf(
            @Nullable String errorType, @Nullable ErrorCategory category, @Nullable ErrorSeverity severity) {
        ErrorCategory named = category != null
                ? category
                : errorType == null
                        ? ErrorCategory.SYSTEM
                        : ErrorCategory.named(errorType).orElse(ErrorCategory.SYSTEM);
        return Classification.of(named, Objects.requireNonNullElse(severity, ErrorSeverity.MEDIUM));
    }

    private static String message(Throwable throwable) {
        String message = UserCode.messageOf(throwable);
        return message == null ? throwable.getClass().getSimpleName() : message;
    }

    private void record(
            ErrorOrigin origin,
            ErrorTypeCounts.Counts counts,
            Classification given,
            long fingerprint,
            @Nullable String message,
            @Nullable Throwable throwable,
            @Nullable String componentName,
            @Nullable Map<String, ?> context) {
        long now = elapsed.nanos();
        ErrorSeverity severity = RecoveryPolicy.severity(origin, given);
        Classification classification = severity == given.severity() ? given : given.withSeverity(severity);
        counts.add(severity, now, origin instanceof ErrorOrigin.Check);
        FingerprintCounts.Count count = fingerprints.of(fingerprint, now);
        Component component = components.of(componentName == null ? "" : componentName, now);
        String name = component == null ? BoundedText.name(componentName) : component.name();
        if (!notifier.isEmpty()) {
            notifier.publish(new RecoveryEvent.ErrorCounted(name, counts.errorType, severity));
        }
        LazyErrorRecord record = new LazyErrorRecord(
                source,
                counts.errorType,
                classification,
                message,
                throwable,
                context,
                name,
                origin,
                fingerprint,
                count);
        if (fingerprints.count(count, now)) {
            RecordedError entry = record.entry();
            history.add(entry);
            if (!notifier.isEmpty()) {
                notifier.publish(new RecoveryEvent.ErrorRecorded(entry.record()));
            }
        } else {
            sampledOut.increment();
        }
        if (component == null && severity == ErrorSeverity.CRITICAL) {
            components.untrackedCritical(now);
        }
        int urgency = RecoveryPolicy.ofError(origin, severity);
        while (component != null) {
            component.health().seen(severity, now);
            if (origin instanceof ErrorOrigin.Check(String check, ErrorOrigin.Cause _)) {
                component.health().checkFailed(check);
            }
            if (!recovers || runner.offer(component, urgency, record::entry) != Component.Offer.FORGOTTEN) {
                return;
            }
            component = components.of(component.name(), now);
        }
    }

    /** Returns what stands for an error when a reset requests the restart of a plugin; it is not counted. */
    RecordedError restartRequest(String component) {
        long fingerprint = Fingerprint.of("reset", component);
        Classification classification =
                Classification.of(ErrorCategory.PLUGIN, ErrorSeverity.HIGH, Disposition.UNKNOWN);
        return new LazyErrorRecord(
                        source,
                        "reset",
                        classification,
                        "a reset requested a restart",
                        null,
                        null,
                        component,
                        ErrorOrigin.check(component, ErrorOrigin.Cause.NOT_RUNNING),
                        fingerprint,
                        new FingerprintCounts().of(fingerprint, 0))
                .entry();
    }

    /** Returns the number of refusals by the framework's own policies, which do not count as errors. */
    long rejected() {
        return rejected.sum();
    }

    /** Returns the number of errors that were only counted. */
    long sampledOut() {
        return sampledOut.sum();
    }
}
