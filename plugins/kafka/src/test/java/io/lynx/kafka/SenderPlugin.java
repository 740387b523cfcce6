package io.lynx.kafka;

import io.lynx.health.Health;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.ExternalSystemPlugin;
import io.lynx.plugin.external.Uses;
import io.lynx.time.Deadline;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** A plugin with a sender whose producers a test makes. There is no Kafka; its health check succeeds. */
final class SenderPlugin extends ExternalSystemPlugin<KafkaConfig, KafkaSender> {
    private final Supplier<Producer<byte[], byte[]>> producers;
    private volatile @Nullable Uses uses;
    private volatile @Nullable KafkaSender sender;

    SenderPlugin(Supplier<Producer<byte[], byte[]>> producers) {
        super("kafka", "", KafkaConfig.class);
        this.producers = producers;
    }

    KafkaSender sender() {
        return Objects.requireNonNull(sender);
    }

    Uses uses() {
        return Objects.requireNonNull(uses);
    }

    @Override
    protected KafkaSender open(PluginContext context, KafkaConfig config, Uses using) {
        KafkaSender made = new KafkaSender(id(), "default", config, producers, using, context);
        uses = using;
        sender = made;
        return made;
    }

    @Override
    protected Health probe(KafkaSender client, KafkaConfig config, Deadline deadline) {
        return Health.up();
    }

    @Override
    protected String address(KafkaConfig config) {
        return config.address();
    }

    @Override
    protected boolean isOutage(Throwable failure) {
        return KafkaFailures.isOutage(failure);
    }

    @Override
    protected void close(KafkaSender client) {
        client.close();
    }
}
