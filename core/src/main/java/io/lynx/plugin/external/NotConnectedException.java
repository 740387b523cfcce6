package io.lynx.plugin.external;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.jspecify.annotations.Nullable;

/**
 * An external system cannot be used, since the plugin has not connected to it since its start, or is stopping. The cause, if there is
 * one, is why the last attempt to connect failed. It has no stack trace, so that refusing stays cheap under load.
 */
public final class NotConnectedException extends RuntimeException implements ClassifiedFailure {
    NotConnectedException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);
    }
}
