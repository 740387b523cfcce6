package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {
    @Test
    void distinguishesOutagesFromAnswers() {
        assertThat(KafkaFailures.isOutage(new TimeoutException("late"))).isTrue();
        assertThat(KafkaFailures.isOutage(new NetworkException())).isTrue();
        assertThat(KafkaFailures.isOutage(new NotEnoughReplicasException())).isTrue();
        assertThat(KafkaFailures.isOutage(new RecordTooLargeException())).isFalse();
        assertThat(KafkaFailures.isOutage(new SaslAuthenticationException("no")))
                .isFalse();
        assertThat(KafkaFailures.isOutage(new SendCancelledException("over", null)))
                .isFalse();
    }

    @Test
    void aTopicThatDoesNotExistIsNoOutage() {
        assertThat(KafkaFailures.isOutage(new TimeoutException("not present", new UnknownTopicOrPartitionException())))
                .isFalse();
    }

    @Test
    void explainsAnOutageWithAClassification() {
        KafkaException explained = KafkaFailures.explain(new TimeoutException("late"));

        assertThat(explained).isInstanceOf(KafkaOutageException.class).hasMessage("late");
        assertThat(((KafkaOutageException) explained).classification()).matches(Classification::isExternal);
        assertThat(KafkaFailures.label(explained)).isEqualTo("timeout");
        assertThat(KafkaFailures.explain(explained)).isSameAs(explained);
    }
}
