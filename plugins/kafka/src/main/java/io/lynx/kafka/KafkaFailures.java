package io.lynx.kafka;

import io.lynx.resilience.CallRejectedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.BootstrapResolutionException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Distinguishes failures of Kafka by their types. Stateless. */
final class KafkaFailures {
    private KafkaFailures() {}

    /** Returns whether Kafka could not be reached, did not answer, or cannot serve now. */
    static boolean isOutage(Throwable failure) {
        return switch (failure) {
            case SendCancelledException _, SendsExhaustedException _, KafkaUnavailableException _ -> false;
            case KafkaOutageException _ -> true;
            // A topic that does not exist is waited for, since it may be about to be created.
            case TimeoutException late -> !(late.getCause() instanceof UnknownTopicOrPartitionException);
            case java.util.concurrent.TimeoutException _ -> true;
            case BootstrapResolutionException _,
                    NetworkException _,
                    DisconnectException _,
                    BrokerNotAvailableException _,
                    LeaderNotAvailableException _,
                    NotLeaderOrFollowerException _,
                    CoordinatorNotAvailableException _,
                    NotEnoughReplicasException _,
                    NotEnoughReplicasAfterAppendException _,
                    KafkaStorageException _ -> true;
            default -> false;
        };
    }

    /** Returns whether the client or the broker refuses a record since it is too large. */
    static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure.getCause() instanceof RecordTooLargeException;
    }

    /** Returns what a caller receives for a failure: an outage is one that the framework classifies. */
    static KafkaException explain(Throwable failure) {
        if (isOutage(failure) && !(failure instanceof KafkaOutageException)) {
            return new KafkaOutageException(failure.getMessage(), failure);
        }
        return failure instanceof KafkaException known ? known : new KafkaException(failure);
    }

    /** Returns the type of a failure as a label of metrics: one of a few words. */
    static String label(Throwable failure) {
        return switch (failure) {
            case SendCancelledException _ -> "cancelled";
            case SendsExhaustedException _ -> "exhausted";
            case KafkaUnavailableException refused ->
                refused.getCause() instanceof CallRejectedException ? "refused" : "unavailable";
            case KafkaOutageException outage ->
                outage.getCause() instanceof TimeoutException ? "timeout" : "unavailable";
            default -> "answer";
        };
    }
}
