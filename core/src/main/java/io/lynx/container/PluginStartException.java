package io.lynx.container;

import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** A plugin did not start; the cause is what it threw, and clean-up failures are suppressed on it. */
public final class PluginStartException extends Exception implements ClassifiedFailure {
    private final Reason reason;

    /** Why a plugin did not start. */
    public enum Reason {
        /** Its start, or the opening of its listener, threw. */
        FAILED,
        /** It did not finish by its deadline, or by the application's. */
        TIMED_OUT,
        /** The start was cancelled from outside before it finished. */
        CANCELLED
    }

    PluginStartException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static PluginStartException notOpen(String plugin, Throwable failure) {
        return new PluginStartException(
                failure instanceof TimeoutException ? Reason.TIMED_OUT : Reason.FAILED,
                "plugin '" + plugin + "': failed to open its listener: " + UserCode.describe(failure),
                failure);
    }

    static PluginStartException notRunning(PluginStatus plugin) {
        String state = plugin.state().name().toLowerCase(Locale.ROOT);
        Throwable cause =
                Objects.requireNonNullElseGet(plugin.failure(), () -> new IllegalStateException("it is " + state));
        return new PluginStartException(
                cause instanceof TimeoutException ? Reason.TIMED_OUT : Reason.FAILED,
                "plugin '" + plugin.id() + "': is " + state + " after its restart: " + UserCode.describe(cause),
                cause);
    }

    /** Returns why it did not start. */
    public Reason reason() {
        return reason;
    }

    @Override
    public Classification classification() {
        return switch (reason) {
            case FAILED -> Classification.of(ErrorCategory.PLUGIN, ErrorSeverity.HIGH, Disposition.UNKNOWN);
            case TIMED_OUT -> Classification.of(ErrorCategory.PLUGIN, ErrorSeverity.HIGH, Disposition.TRANSIENT);
            case CANCELLED -> Classification.of(ErrorCategory.PLUGIN, ErrorSeverity.LOW, Disposition.CANCELLED);
        };
    }
}
