package io.lynx.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.Test;

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

        client.failed();
        assertThat(client.isSuspect()).isTrue();
        assertThat(client.isUseless()).isFalse();

        client.acknowledged();
        assertThat(client.isSuspect()).isFalse();
    }
}
