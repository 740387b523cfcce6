package io.lynx.kafka;

import io.lynx.config.Binding;
import io.lynx.extension.Registration;
import io.lynx.metrics.MetricSource.Samples;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of topics of one Kafka to handlers. How a consumer works is in {@code lynx.kafka.consumers.<name>}: its topics, how
 * many records are handled at the same time, retries, and the dead-letter topic. Thread-safe.
 */
public final class KafkaConsumers {
    private static final String BRIDGE = "bridge-";
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPlugin.class);

    private final String plugin;
    private final String label;
    private final String application;
    private final KafkaConfig config;
    private final ClientSettings settings;
    private final KafkaSender sender;
    private final ConcurrentHashMap<String, ConsumerLoop> running = new ConcurrentHashMap<>();

    KafkaConsumers(
            String plugin,
            String label,
            String application,
            KafkaConfig config,
            ClientSettings settings,
            KafkaSender sender) {
        this.plugin = plugin;
        this.label = label;
        this.application = application;
        this.config = config;
        this.settings = settings;
        this.sender = sender;
    }

    /**
     * Adds a consumer. It polls when every plugin has started, and stops before {@code owner} does: handlers that run end and their
     * records are committed, the others are left to other consumers of the group.
     *
     * @param owner the plugin, in its start
     * @param name identifies it in the configuration and in metrics; also its topic, unless topics are configured
     * @param type of the values: {@code byte[]}, {@code String}, or any type that the JSON codec reads. A record whose value cannot be read
     *     goes to the dead-letter topic
     * @return removes it
     * @throws IllegalArgumentException if the name is taken
     * @throws IllegalStateException outside of the start of the owner
     */
    public <T> Registration add(PluginContext owner, String name, Class<T> type, RecordHandler<T> handler) {
        ConsumerSpec spec = ConsumerSpec.of(plugin, label, name, application, config);
        InFlight inFlight = new InFlight();
        RecordHandling<T> handling = new RecordHandling<>(
                spec,
                RecordDecoder.of(type, owner.json()),
                handler,
                new DeadLetterTopic(spec, sender),
                inFlight,
                owner);
        ConsumerLoop loop = new ConsumerLoop(spec, () -> consumer(spec), handling::handle, inFlight, owner);
        if (running.putIfAbsent(name, loop) != null) {
            throw new IllegalArgumentException(
                    "consumer '" + name + "' of " + plugin + ": exists; choose another name");
        }
        Registration traffic;
        try {
            traffic = owner.traffic(loop);
        } catch (RuntimeException refused) {
            boolean _ = running.remove(name, loop);
            throw refused;
        }
        AutoCloseable _ = owner.own(() -> {
            boolean _ = running.remove(name, loop);
        });
        return () -> {
            traffic.close();
            loop.close();
            boolean _ = running.remove(name, loop);
        };
    }

    /** Warns of the sections of consumers that no plugin has added, when every plugin has started. */
    void warnOfUnused() {
        for (String name : new TreeSet<>(config.consumers().keySet())) {
            // That of a bridge starts with the traffic.
            if (!running.containsKey(name) && !name.startsWith(BRIDGE)) {
                LOG.atWarn()
                        .addKeyValue("plugin", plugin)
                        .log(
                                "lynx.{}.consumers.{}: no plugin has added a consumer of this name; correct the name{} or"
                                        + " remove the section",
                                plugin,
                                name,
                                running.isEmpty()
                                        ? ""
                                        : " (in use: " + String.join(", ", new TreeSet<>(running.keySet())) + ")");
            }
        }
    }

    /** Describes the consumer of a bridge, with the settings that the configuration has for a consumer of its name. */
    ConsumerSpec bridge(String group, List<String> topics, UnaryOperator<KafkaConsumerConfig> changing) {
        String name = BRIDGE + group;
        KafkaConsumerConfig own = config.consumers().get(name);
        KafkaConsumerConfig settings = changing.apply(own == null ? Binding.defaults(KafkaConsumerConfig.class) : own);
        return new ConsumerSpec(
                plugin,
                label,
                name,
                config.topicPrefix() + group,
                topics.stream().map(topic -> config.topicPrefix() + topic).toList(),
                config.topicPrefix(),
                settings);
    }

    private Consumer<byte[], byte[]> consumer(ConsumerSpec spec) {
        return new KafkaConsumer<>(
                settings.consumer(spec.name(), spec.group(), spec.config()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Starts a consumer at once, which its caller drains and closes. */
    ConsumerLoop start(
            ConsumerSpec spec,
            Function<RecordDelivery, @Nullable Duration> handling,
            InFlight inFlight,
            PluginContext owner) {
        ConsumerLoop loop = new ConsumerLoop(spec, () -> consumer(spec), handling, inFlight, owner);
        running.put(spec.name(), loop);
        loop.open();
        return loop;
    }

    void collect(Samples out) {
        running.values().forEach(loop -> loop.collect(out));
    }

    /** Stops all consumers. */
    void close() {
        running.values().forEach(ConsumerLoop::close);
    }
}
