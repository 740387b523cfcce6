package io.lynx.kafka;

import io.lynx.app.LifecycleEvent;
import io.lynx.app.LynxTopics;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.metrics.Metric;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.external.ExternalSystemPlugin;
import io.lynx.plugin.external.Uses;
import io.lynx.time.Deadline;
import java.util.List;

/**
 * A Kafka as a plugin: {@code kafka}, configured by {@code lynx.kafka}, or {@code kafka.<name>}, configured by {@code
 * lynx.kafka.<name>}. The section in the configuration is enough to add it. It shares a {@linkplain KafkaSender sender} under {@link
 * #sender} and {@linkplain KafkaConsumers consumers} under {@link #consumers}; plugins that use them require its id. Thread-safe.
 */
public final class KafkaPlugin extends ExternalSystemPlugin<KafkaConfig, KafkaInstance> {
    /** The metrics of Kafka, in the order of the reference page. */
    public static final List<Metric> METRICS = KafkaMetrics.ALL;

    private static final String FAMILY = "kafka";

    private final String name;

    /** Creates the Kafka without a name, which is not started. */
    public KafkaPlugin() {
        this("");
    }

    /**
     * Creates the Kafka of a name, which is not started.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public KafkaPlugin(String name) {
        super(FAMILY, name, KafkaConfig.class);
        this.name = name;
    }

    /** Returns the key of the sender of the Kafka without a name. */
    public static ResourceKey<KafkaSender> sender() {
        return sender("");
    }

    /** Returns the key of the sender of the Kafka of that name. */
    public static ResourceKey<KafkaSender> sender(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".sender", KafkaSender.class);
    }

    /** Returns the key of the consumers of the Kafka without a name. */
    public static ResourceKey<KafkaConsumers> consumers() {
        return consumers("");
    }

    /** Returns the key of the consumers of the Kafka of that name. */
    public static ResourceKey<KafkaConsumers> consumers(String name) {
        return ResourceKey.of(id(FAMILY, name) + ".consumers", KafkaConsumers.class);
    }

    @Override
    protected void describe(PluginDescriptor.Builder descriptor) {
        PluginDescriptor.Builder _ = descriptor.provides(BridgeTransport.CAPABILITY, "1.0.0");
    }

    @Override
    protected KafkaInstance open(PluginContext context, KafkaConfig config, Uses uses) {
        KafkaInstance kafka = new KafkaInstance(id(), name, config, uses, context);
        Registration _ = context.share(sender(name), kafka.sender());
        Registration _ = context.share(consumers(name), kafka.consumers());
        Registration _ = context.share(
                BridgeTransport.key(id()), new KafkaTransport(kafka.sender(), kafka.consumers(), context));
        Registration _ = context.metricSource(id(), kafka);
        AutoCloseable _ = context.own(context.events().subscribe(LynxTopics.APPLICATION, event -> {
            if (event instanceof LifecycleEvent.Ready) {
                kafka.consumers().warnOfUnused();
            }
        }));
        Registration _ = context.onReload(KafkaConfig.class, kafka::credentials, "user", "password");
        return kafka;
    }

    @Override
    protected Health probe(KafkaInstance kafka, KafkaConfig config, Deadline deadline) throws Exception {
        return kafka.probe(deadline);
    }

    @Override
    protected String address(KafkaConfig config) {
        return config.address() + (config.user().isEmpty() ? "" : " as user '" + config.user() + "'");
    }

    @Override
    protected boolean isOutage(Throwable failure) {
        return KafkaFailures.isOutage(failure);
    }

    @Override
    protected void cutOff(KafkaInstance kafka) {
        kafka.cutOff();
    }

    @Override
    protected void close(KafkaInstance kafka) {
        kafka.close();
    }
}
