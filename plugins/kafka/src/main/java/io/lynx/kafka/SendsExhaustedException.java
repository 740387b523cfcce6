package io.lynx.kafka;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A record was not sent: as many records as are allowed waited for their acknowledgement, for as long as the caller could wait.
 */
public final class SendsExhaustedException extends KafkaException implements ClassifiedFailure {
    SendsExhaustedException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.RESOURCE, ErrorSeverity.MEDIUM, Disposition.THROTTLED);
    }
}
