package io.lynx.recovery;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as its reporter describes it, for {@link ErrorRecoveryManager#recordError(ErrorReport)}. Everything is optional;
 * what is left out is derived: the classification from the exception, the category from the error type, the message from
 * the exception. Immutable, but for the exception and the context, which are read while the error is recorded.
 *
 * @param component the component that the error happened to; the id of a plugin if recovery may restart it
 * @param errorType the name that the error is counted under; null for that of the classification
 * @param category the category; null for the classification's, or the one that the error type names
 * @param severity the severity; null for the classification's, or {@link ErrorSeverity#MEDIUM}
 * @param message what happened; null for the exception's message
 * @param throwable the exception; null if there was none
 * @param classification what the reporter knows about the exception; null to let the classifier decide
 * @param origin where the error originated
 * @param context further values; copied and bounded, with secrets masked
 */
public record ErrorReport(
        @Nullable String component,
        @Nullable String errorType,
        @Nullable ErrorCategory category,
        @Nullable ErrorSeverity severity,
        @Nullable String message,
        @Nullable Throwable throwable,
        @Nullable Classification classification,
        ErrorOrigin origin,
        @Nullable Map<String, ?> context) {

    /**
     * Returns a builder for an error of {@code component}.
     *
     * @param component the id of a plugin, or any other name
     */
    public static Builder builder(@Nullable String component) {
        return new Builder(component);
    }

    /** Collects the values of an {@link ErrorReport}. Not thread-safe. */
    public static final class Builder {
        private final @Nullable String component;
        private @Nullable String errorType;
        private @Nullable ErrorCategory category;
        private @Nullable ErrorSeverity severity;
        private @Nullable String message;
        private @Nullable Throwable throwable;
        private @Nullable Classification classification;
        private ErrorOrigin origin = ErrorOrigin.component();
        private @Nullable Map<String, ?> context;

        private Builder(@Nullable String component) {
            this.component = component;
        }

        /** Sets the name that the error is counted under. */
        public Builder errorType(@Nullable String name) {
            this.errorType = name;
            return this;
        }

        /** Sets the category. */
        public Builder category(@Nullable ErrorCategory known) {
            this.category = known;
            return this;
        }

        /** Sets the severity. */
        public Builder severity(@Nullable ErrorSeverity known) {
            this.severity = known;
            return this;
        }

        /** Sets the message. */
        public Builder message(@Nullable String text) {
            this.message = text;
            return this;
        }

        /** Sets the exception. */
        public Builder throwable(@Nullable Throwable thrown) {
            this.throwable = thrown;
            return this;
        }

        /** Sets what is known about the exception, in place of the classifier's answer. */
        public Builder classification(@Nullable Classification known) {
            this.classification = known;
            return this;
        }

        /** Sets where the error originated; in the component itself unless set. */
        public Builder origin(ErrorOrigin where) {
            this.origin = where;
            return this;
        }

        /**
         * Sets further values; {@code request_id} and {@code user_id} appear as fields of the record. Both, and the trace, are taken
         * from the request in which the error is recorded if they are not set here.
         */
        public Builder context(@Nullable Map<String, ?> values) {
            this.context = values;
            return this;
        }

        /** Returns the report. */
        public ErrorReport build() {
            return new ErrorReport(
                    component, errorType, category, severity, message, throwable, classification, origin, context);
        }
    }
}
