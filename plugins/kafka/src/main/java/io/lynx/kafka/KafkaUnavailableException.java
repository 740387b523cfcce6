package io.lynx.kafka;

import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.ClassifiedFailure;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorSeverity;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A record was not sent: the circuit breaker refuses it, or the plugin has not connected to Kafka yet. The cause is that refusal. It
 * has no stack trace, so that refusing stays cheap under load.
 */
public final class KafkaUnavailableException extends KafkaException implements ClassifiedFailure {
    KafkaUnavailableException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public Classification classification() {
        return Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM, Disposition.REJECTED);
    }
}
