package io.lynx.kafka.test;

import io.lynx.kafka.KafkaPlugin;
import io.lynx.kafka.KafkaSender;
import io.lynx.kafka.RecordHandler;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.LynxTest;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Applications of tests with {@link WithKafka}. */
final class TestApplications {
    private TestApplications() {}

    /** Returns an application with the Kafka without a name. */
    static LynxTest.Builder sending() {
        return LynxTest.application(app -> app.discoverPlugins(false).plugin(new KafkaPlugin()))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1");
    }

    /** Returns an application with a consumer of the topic {@code orders}. */
    static <T> LynxTest.Builder consuming(Class<T> type, RecordHandler<T> handler) {
        return LynxTest.application(app -> app.discoverPlugins(false)
                        .plugin(new KafkaPlugin())
                        .plugin(new ConsumingPlugin<>("orders", type, handler)))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .with("lynx.kafka.consumers.orders.first_pause", "10ms")
                .with("lynx.kafka.consumers.orders.longest_pause", "100ms")
                .with("lynx.kafka.consumers.orders.commit_interval", "50ms");
    }

    static KafkaSender sender(LynxTest lynx) {
        return lynx.resource(KafkaPlugin.sender());
    }

    /** Returns a record of the topic {@code orders} for one partition. */
    static ProducerRecord<byte[], byte[]> order(int partition, String key, String value) {
        return new ProducerRecord<>(
                "orders", partition, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /** A plugin that consumes a topic. */
    record ConsumingPlugin<T>(String name, Class<T> type, RecordHandler<T> handler) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("consuming-" + name).requires("kafka").build();
        }

        @Override
        public void start(PluginContext context) {
            var _ = context.resource(KafkaPlugin.consumers()).add(context, name, type, handler);
        }
    }
}
