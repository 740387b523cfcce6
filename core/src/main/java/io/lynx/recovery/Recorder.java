package io.lynx.recovery;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes an error from whoever has it: counts it by type and fingerprint, puts it into the history or counts it as
 * sampled out, and offers it to its component's recovery. Never blocks and never throws; the full record is made only if
 * the history or a recovery needs it. Thread-safe.
 */
final class Recorder {
    private final boolean recovers;
    private final Elapsed elapsed;
    private final Draft.Source source;
    private final ErrorTypes types;
    private final Fingerprints fingerprints = new Fingerprints();
    private final History<ErrorEntry> history;
    private final LongAdder rejected = new LongAdder();
    private final LongAdder sampledOut = new LongAdder();
    private final Components components;
    private final Recoveries recoveries;
    private final EventQueue events;
    private final RecoveryObserver observer;

    Recorder(
            ErrorRecoveryManagerBuilder builder,
            Elapsed elapsed,
            ErrorTypes types,
            History<ErrorEntry> history,
            Components components,
            Recoveries recoveries,
            EventQueue events) {
        this.recovers = builder.config.enabled();
        this.elapsed = elapsed;
        this.source = new Draft.Source(builder.clock, builder.environment, builder.version);
        this.types = types;
        this.history = history;
        this.components = components;
        this.recoveries = recoveries;
        this.events = events;
        this.observer = builder.observer;
    }

    /** Records an error without an exception. It is counted under the type given here, not the classification's. */
    void record(
            ErrorOrigin origin,
            @Nullable String component,
            @Nullable String errorType,
            @Nullable String message,
            Classification classification,
            @Nullable Map<String, ?> context) {
        ErrorTypes.Counts counts = types.of(errorType);
        long fingerprint = Fingerprint.of(counts.errorType, message);
        record(origin, counts, classification, fingerprint, message, null, component, context);
    }

    /** Records an exception, or counts it as rejected. */
    void record(
            ErrorOrigin origin,
            @Nullable String component,
            Throwable throwable,
            Classification classification,
            @Nullable Map<String, ?> context) {
        if (classification.disposition() == Disposition.REJECTED) {
            rejected.increment();
            return;
        }
        ErrorTypes.Counts counts = types.of(classification.errorType());
        record(
                origin,
                counts,
                classification,
                Fingerprint.of(counts.errorType, throwable),
                message(throwable),
                throwable,
                component,
                context);
    }

    private static @Nullable String message(Throwable throwable) {
        try {
            String message = throwable.getMessage();
            return message == null ? throwable.getClass().getSimpleName() : message;
        } catch (RuntimeException hostile) {
            return "unreadable: " + hostile.getClass().getName();
        }
    }

    private void record(
            ErrorOrigin origin,
            ErrorTypes.Counts counts,
            Classification said,
            long fingerprint,
            @Nullable String message,
            @Nullable Throwable throwable,
            @Nullable String componentName,
            @Nullable Map<String, ?> context) {
        long now = elapsed.nanos();
        ErrorSeverity severity = Urgency.severity(origin, said);
        Classification classification = severity == said.severity() ? said : said.withSeverity(severity);
        counts.add(severity, now, !(origin instanceof ErrorOrigin.Check));
        Fingerprints.Count count = fingerprints.of(fingerprint, now);
        Component component = components.of(componentName == null ? "" : componentName, now);
        String name = component == null ? Texts.name(componentName) : component.name();
        observer.errorRecorded(counts.errorType, severity, name);
        Draft draft = new Draft(
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
            ErrorEntry entry = draft.entry();
            history.add(entry);
            events.offer(new RecoveryEvent.ErrorRecorded(entry.record()));
        } else {
            sampledOut.increment();
        }
        if (component == null && severity == ErrorSeverity.CRITICAL) {
            components.untrackedCritical(now);
        }
        int urgency = Urgency.ofError(origin, classification.category(), classification.disposition(), severity);
        while (component != null) {
            component.seen(severity, now);
            if (origin instanceof ErrorOrigin.Check(String check, boolean _)) {
                component.checkFailed(check);
            }
            if (!recovers || recoveries.offer(component, urgency, draft::entry) != Component.Offer.FORGOTTEN) {
                return;
            }
            component = components.of(component.name(), now);
        }
    }

    /** Refusals by policies of our own, which are no errors. */
    long rejected() {
        return rejected.sum();
    }

    /** Errors that were counted only. */
    long sampledOut() {
        return sampledOut.sum();
    }
}
