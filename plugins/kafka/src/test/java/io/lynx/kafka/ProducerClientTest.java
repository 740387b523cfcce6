package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProducerClientTest {
    private final ProducerClient client = new ProducerClient(new MockProducer<>());

    @Test
    void isUselessWhenTheThreadThatAcknowledgedHasEnded() throws InterruptedException {
        client.acknowledged();
        assertThat(client.isUseless()).isFalse();

        Thread thread = new Thread(client::acknowledged);
        thread.start();
        thread.join();

        assertThat(client.hasNoThread()).isTrue();
        assertThat(client.isUseless()).isTrue();
    }

    @Test
    void isSuspectIfItFailedAndNeverSucceeded() {
        assertThat(client.isSuspect()).isFalse();

        client.failed(new TimeoutException("late"));
        assertThat(client.isSuspect()).isTrue();
        assertThat(client.isUseless()).isFalse();

        client.acknowledged();
        assertThat(client.isSuspect()).isFalse();
    }

    static List<Throwable> breaking() {
        return List.of(
                new SaslAuthenticationException("no"),
                new ClusterAuthorizationException("no"),
                new UnsupportedVersionException("old"),
                new IllegalStateException("closed"));
    }

    @ParameterizedTest
    @MethodSource("breaking")
    void isUselessAfterAFailureOfItsOwn(Throwable failure) {
        client.failed(failure);

        assertThat(client.isUseless()).isTrue();
    }

    static List<Throwable> failuresOfARecord() {
        return List.of(
                new TopicAuthorizationException(Set.of("orders")),
                new RecordTooLargeException("large"),
                new TimeoutException("late"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfARecord")
    void sendsOnAfterAFailureOfARecord(Throwable failure) {
        client.failed(failure);

        assertThat(client.isUseless()).isFalse();
    }
}
