package io.lynx.kafka;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A record was not sent, or its acknowledgement was not waited for, since the request that it was for is over or the plugin stops. Kafka may
 * have stored the record, or store it later.
 */
public final class SendCancelledException extends KafkaException implements ClassifiedFailure {
    SendCancelledException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.TIMEOUT, ErrorSeverity.LOW, Disposition.CANCELLED);
    }
}
