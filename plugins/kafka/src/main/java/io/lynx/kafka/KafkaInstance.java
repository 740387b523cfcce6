package io.lynx.kafka;

import io.lynx.app.ApplicationConfig;
import io.lynx.config.ConfigSection;
import io.lynx.health.Health;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.Uses;
import io.lynx.time.Deadline;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One Kafka between the start and the stop of its plugin: its clients, and the health check. Thread-safe. */
final class KafkaInstance implements MetricSource {
    private final String label;
    private final KafkaConfig config;
    private final ClientSettings settings;
    private final KafkaSender sender;
    private final KafkaConsumers consumers;
    private final KafkaProbe probe;

    /**
     * Connects to nothing.
     *
     * @param name of the Kafka; empty if it has none
     * @throws IllegalArgumentException if a file for TLS cannot be used
     */
    KafkaInstance(String plugin, String name, KafkaConfig config, Uses uses, PluginContext context) {
        String application = context.config(ConfigSection.of("lynx.application", ApplicationConfig.class))
                .name();
        this.label = name.isEmpty() ? "default" : name;
        this.config = config;
        this.settings = new ClientSettings(config, application, plugin);
        this.sender = new KafkaSender(plugin, label, config, this::producer, uses, context);
        this.consumers = new KafkaConsumers(plugin, label, application, config, settings, sender);
        this.probe = new KafkaProbe(settings);
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaSender sender() {
        return sender;
    }

    KafkaConsumers consumers() {
        return consumers;
    }

    Health probe(Deadline deadline) throws Exception {
        KafkaProbe.Answer answer = probe.check(deadline);
        sender.checkProducer();
        return Health.up()
                .with("address", config.address())
                .with("version", answer.version())
                .with("cluster", answer.cluster())
                .with("brokers", answer.brokers())
                .with("waitingSends", sender.waiting());
    }

    @Override
    public void collect(Samples out) {
        out.add(KafkaMetrics.WAITING_SENDS, sender.waiting(), label);
        consumers.collect(out);
    }

    /** Uses other credentials for new connections; open ones go on. */
    void credentials(KafkaConfig changed) {
        settings.credentials().replace(changed);
    }

    /** Ends the sends in progress. */
    void cutOff() {
        sender.cutOff();
    }

    /** Closes all clients, although one of them may fail, as a producer does on a thread that is interrupted. */
    void close() {
        try {
            probe.close();
        } finally {
            try {
                consumers.close();
            } finally {
                sender.close();
            }
        }
    }
}
