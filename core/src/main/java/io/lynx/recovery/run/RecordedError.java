package io.lynx.recovery.run;

import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import io.lynx.recovery.Classification;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.classify.BoundedText;
import io.lynx.recovery.classify.Fingerprint;
import io.lynx.recovery.classify.FingerprintCounts;
import io.lynx.security.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An error in the history, with what became known of it later. Thread-safe. */
final class RecordedError {
    private final ErrorRecord record;
    private final FingerprintCounts.Count count;
    private final AtomicReference<@Nullable Instant> recoveredAt = new AtomicReference<>();

    RecordedError(ErrorRecord record, FingerprintCounts.Count count) {
        this.record = record;
        this.count = count;
    }

    ErrorRecord record() {
        return record;
    }

    /** Returns the record as of now. */
    ErrorRecord current() {
        return record.withOutcome(Math.max(1, count.total()), recoveredAt.get());
    }

    /** Notes a recovery; the first one counts. */
    void recovered(Instant at) {
        recoveredAt.compareAndSet(null, at);
    }

    /**
     * An error whose full record is made only if the history or a recovery needs it, as most errors are only counted. For the
     * recording thread only.
     */
    static final class LazyErrorRecord {
        private final Source source;
        private final String errorType;
        private final Classification classification;
        private final @Nullable String message;
        private final @Nullable Throwable throwable;
        private final @Nullable Map<String, ?> context;
        private final String component;
        private final ErrorOrigin origin;
        private final long fingerprint;
        private final FingerprintCounts.Count count;
        private @Nullable RecordedError entry;

        /** The values that all errors of one application share. Thread-safe. */
        static final class Source {
            private final AtomicLong ids = new AtomicLong();
            private final InstantSource clock;
            private final String environment;
            private final String version;

            Source(InstantSource clock, String environment, String version) {
                this.clock = clock;
                this.environment = environment;
                this.version = version;
            }

            private String nextId() {
                return "e-" + ids.incrementAndGet();
            }
        }

        LazyErrorRecord(
                Source source,
                String errorType,
                Classification classification,
                @Nullable String message,
                @Nullable Throwable throwable,
                @Nullable Map<String, ?> context,
                String component,
                ErrorOrigin origin,
                long fingerprint,
                FingerprintCounts.Count count) {
            this.source = source;
            this.errorType = errorType;
            this.classification = classification;
            this.message = message;
            this.throwable = throwable;
            this.context = context;
            this.component = component;
            this.origin = origin;
            this.fingerprint = fingerprint;
            this.count = count;
        }

        /** Returns the full record, which the first call makes. */
        RecordedError entry() {
            RecordedError made = entry;
            if (made == null) {
                made = new RecordedError(record(), count);
                entry = made;
            }
            return made;
        }

        private ErrorRecord record() {
            RequestContext request = RequestContext.current();
            Map<String, Object> copy = BoundedText.context(context);
            request.trace().ifPresent(trace -> addTo(copy, trace));
            return new ErrorRecord(
                    source.nextId(),
                    source.clock.instant(),
                    errorType,
                    classification.category(),
                    classification.severity(),
                    classification.disposition(),
                    BoundedText.message(message),
                    component,
                    origin,
                    Fingerprint.show(fingerprint),
                    throwable == null ? null : throwable.getClass().getName(),
                    throwable == null ? null : BoundedText.stackTrace(throwable),
                    copy,
                    text(copy, "request_id", "requestId", request.requestId()),
                    text(copy, "user_id", "userId", userOf(request)),
                    source.environment,
                    source.version,
                    1,
                    false,
                    null);
        }

        private static void addTo(Map<String, Object> values, TraceContext trace) {
            values.putIfAbsent("trace_id", trace.traceId());
            values.putIfAbsent("span_id", trace.spanId());
        }

        private static String userOf(RequestContext request) {
            return request.principal()
                    .map(Principal::name)
                    .map(BoundedText::name)
                    .orElse("");
        }

        /** Returns the value of that name if the reporter gave one, otherwise the bound context's; null if that is empty. */
        private static @Nullable String text(Map<String, Object> given, String name, String otherName, String bound) {
            Object value = given.getOrDefault(name, given.get(otherName));
            if (value != null) {
                return Objects.toString(value);
            }
            return bound.isEmpty() ? null : bound;
        }
    }
}
