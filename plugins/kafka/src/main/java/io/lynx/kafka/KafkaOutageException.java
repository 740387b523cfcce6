package io.lynx.kafka;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Kafka could not be reached, did not answer in time, or cannot serve now. The cause is what the client reported. Kafka may have stored the
 * record.
 */
public final class KafkaOutageException extends KafkaException implements ClassifiedFailure {
    KafkaOutageException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM, Disposition.TRANSIENT);
    }
}
