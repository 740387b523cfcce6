package io.lynx.recovery;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an error before anything is done about it. Immutable.
 *
 * @param errorType the name that it is counted under; a category's label unless somebody knows better
 * @param category where it comes from
 * @param severity how bad it is
 * @param disposition what it says about trying again
 * @param retryAfter how long to wait at least before another try; empty if nobody said
 */
public record Classification(
        String errorType,
        ErrorCategory category,
        ErrorSeverity severity,
        Disposition disposition,
        Optional<Duration> retryAfter) {

    /** A classification whose type is the label of its category. */
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

    /** The same with a type of its own. */
    public Classification withErrorType(String type) {
        return new Classification(type, category, severity, disposition, retryAfter);
    }

    /** The same with another severity. */
    public Classification withSeverity(ErrorSeverity other) {
        return new Classification(errorType, category, other, disposition, retryAfter);
    }

    /** The same with a time to wait. */
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
}
