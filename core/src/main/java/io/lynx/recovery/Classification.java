package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.UserCode;
import io.lynx.recovery.classify.ClassificationTable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of an error: its category, its severity, and whether another attempt may help. Immutable.
 *
 * @param errorType the name that it is counted under; the label of the category unless a rule sets another
 * @param category the part of the system that it comes from
 * @param severity its effect on the component
 * @param disposition whether another attempt may help
 * @param retryAfter the shortest time until another attempt; empty if unknown
 */
public record Classification(
        String errorType,
        ErrorCategory category,
        ErrorSeverity severity,
        Disposition disposition,
        Optional<Duration> retryAfter) {

    /** Returns a classification whose type is the label of its category. */
    public static Classification of(ErrorCategory category, ErrorSeverity severity, Disposition disposition) {
        return new Classification(category.label(), category, severity, disposition, Optional.empty());
    }

    /** Returns a classification whose disposition is the usual one of the category. */
    public static Classification of(ErrorCategory category, ErrorSeverity severity) {
        Disposition disposition =
                switch (category) {
                    case VALIDATION, SECURITY, CONFIGURATION -> Disposition.PERMANENT;
                    case NETWORK, DATABASE, PLUGIN, RESOURCE, TIMEOUT, SYSTEM -> Disposition.UNKNOWN;
                };
        return of(category, severity, disposition);
    }

    /** Returns this with the given category and severity where they are not null. */
    public Classification with(@Nullable ErrorCategory otherCategory, @Nullable ErrorSeverity otherSeverity) {
        return otherCategory == null && otherSeverity == null
                ? this
                : new Classification(
                        errorType,
                        otherCategory == null ? category : otherCategory,
                        otherSeverity == null ? severity : otherSeverity,
                        disposition,
                        retryAfter);
    }

    /** Returns this with another type. */
    public Classification withErrorType(String type) {
        return new Classification(type, category, severity, disposition, retryAfter);
    }

    /** Returns this with another severity. */
    public Classification withSeverity(ErrorSeverity other) {
        return new Classification(errorType, category, other, disposition, retryAfter);
    }

    /** Returns this with a time to wait. */
    public Classification withRetryAfter(Optional<Duration> wait) {
        return new Classification(errorType, category, severity, disposition, wait);
    }

    /**
     * Returns whether the cause is outside of this process and may pass by itself: transient or throttled, of network,
     * database, timeout or resource. A restart does not help against it.
     */
    public boolean isExternal() {
        boolean mayPass =
                switch (disposition) {
                    case TRANSIENT, THROTTLED -> true;
                    case PERMANENT, FATAL, CANCELLED, REJECTED, UNKNOWN -> false;
                };
        return mayPass
                && switch (category) {
                    case NETWORK, DATABASE, TIMEOUT, RESOURCE -> true;
                    case CONFIGURATION, PLUGIN, SECURITY, VALIDATION, SYSTEM -> false;
                };
    }

    /**
     * Returns whether an external system that may recover by itself has failed, or a policy has rejected the call. The first of the exception
     * and its causes that the built-in table knows decides. Such a failure says nothing about the attempted work, which should be repeated
     * until it succeeds.
     */
    public static boolean isExternal(Throwable failure) {
        return UserCode.call(
                () -> ClassificationTable.causes(failure).stream()
                        .flatMap(cause -> ClassificationTable.find(cause).stream())
                        .findFirst()
                        .filter(known -> known.isExternal() || known.disposition() == Disposition.REJECTED)
                        .isPresent(),
                false,
                _ -> {});
    }

    /** An exception that knows its own classification, which takes the place of the built-in table. Immutable. */
    public interface ClassifiedFailure {
        /** Returns the classification. */
        Classification classification();
    }

    /** Whether another attempt may help after an error. */
    public enum Disposition {
        /** The next attempt may succeed. */
        TRANSIENT,
        /** The called service is overloaded; a later attempt may succeed. */
        THROTTLED,
        /** The same call will fail again. */
        PERMANENT,
        /** The virtual machine or the code itself is broken. */
        FATAL,
        /** The caller cancelled the call, which does not mean that anything is wrong. Never leads to a restart. */
        CANCELLED,
        /** A policy of the framework rejected the call before it was made; counted, but not as an error. */
        REJECTED,
        /** Unknown. */
        UNKNOWN
    }

    /**
     * An exception that stands for the response of an HTTP server. One that also implements
     * {@link io.lynx.resilience.Retry.RetryAfter} passes on the header {@code Retry-After} (RFC 9110, 10.2.3).
     */
    @ExtensionPoint(thread = "the thread that records the error", deadline = "none")
    public interface HttpStatusFailure {
        /** Returns the status code of the response, such as 503. */
        int status();
    }
}
