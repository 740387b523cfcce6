package io.lynx.kafka.test;

import io.lynx.testkit.SharedServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A prefix of topics on the Kafka that all tests of this JVM share. The broker starts when it is first needed, and stops with the JVM.
 * Immutable and thread-safe.
 */
public final class TestKafka implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final SharedServer<KafkaServer> SHARED = new SharedServer<>("Kafka", KafkaServer::create);

    private final KafkaServer server;
    private final String prefix;

    private TestKafka(KafkaServer server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /**
     * Returns a prefix that nothing else uses.
     *
     * @param test gives the prefix a part of its name
     */
    public static TestKafka prefixFor(Class<?> test) {
        return new TestKafka(server(), test.getSimpleName() + "-" + NUMBERS.incrementAndGet() + ".");
    }

    /** Returns the broker that the tests of this JVM share, started. */
    public static KafkaServer server() {
        return SHARED.get();
    }

    /** Returns the address of the broker, such as {@code 127.0.0.1:40123}. */
    public String address() {
        return server.address();
    }

    /** Returns what the topics and groups of the test begin with. */
    public String prefix() {
        return prefix;
    }

    /** Creates a topic; a topic that is used without that has three partitions. */
    public void createTopic(String topic, int partitions) {
        server.createTopic(prefix + topic, partitions);
    }

    /** Returns all records that a topic has now, partition after partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return server.records(prefix + topic);
    }

    /** Returns the values of all records that a topic has now, as text. */
    public List<String> values(String topic) {
        return records(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Returns how many records of a topic a group has committed; the group is without the prefix. */
    public long committed(String group, String topic) {
        return server.committed(prefix + group, prefix + topic);
    }

    /** Does nothing: topics stay until the broker stops. */
    @Override
    public void close() {
        // Their names are not used again.
    }
}
