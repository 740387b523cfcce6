package io.lynx.recovery;

import io.lynx.recovery.Classification.Disposition;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded error. Immutable. Names and texts are bounded and free of control characters, and secrets are masked.
 *
 * @param id unique in this process
 * @param timestamp by the wall clock
 * @param errorType the name that it is counted under, at most 128 characters
 * @param category the part of the system that it comes from
 * @param severity its effect on the component
 * @param disposition whether another attempt may help
 * @param message at most 1 KiB of UTF-8
 * @param component the component that it happened to, at most 128 characters
 * @param origin where it originated
 * @param fingerprint equal for errors that differ only in numbers, ids and quoted words; for exceptions, of the same
 *     types from the same methods
 * @param exceptionClass the class of the exception; null if there was none
 * @param stackTrace the exception's stack trace, at most 8 KiB; null if there was none
 * @param context further values: at most 32 entries of at most 256 characters
 * @param requestId the context's {@code request_id}, otherwise that of the request in which it was recorded; null if there is none
 * @param userId the context's {@code user_id}, otherwise the principal of the request; null if there is none
 * @param environment the profiles of the application's configuration, such as {@code prod}; empty if it has none
 * @param version the version of the application
 * @param occurrences number of errors with its fingerprint when this record was read
 * @param recovered whether a verified recovery followed
 * @param recoveryTime the time of that recovery; null if there was none
 */
public record ErrorRecord(
        String id,
        Instant timestamp,
        String errorType,
        ErrorCategory category,
        ErrorSeverity severity,
        Disposition disposition,
        String message,
        String component,
        ErrorOrigin origin,
        String fingerprint,
        @Nullable String exceptionClass,
        @Nullable String stackTrace,
        Map<String, Object> context,
        @Nullable String requestId,
        @Nullable String userId,
        String environment,
        String version,
        long occurrences,
        boolean recovered,
        @Nullable Instant recoveryTime) {

    /** Copies {@code context}, keeping its order. */
    public ErrorRecord {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** Returns this with the number of occurrences and the time of recovery, null if there was none. */
    public ErrorRecord withOutcome(long count, @Nullable Instant recoveredAt) {
        return new ErrorRecord(
                id,
                timestamp,
                errorType,
                category,
                severity,
                disposition,
                message,
                component,
                origin,
                fingerprint,
                exceptionClass,
                stackTrace,
                context,
                requestId,
                userId,
                environment,
                version,
                count,
                recoveredAt != null,
                recoveredAt);
    }
}
