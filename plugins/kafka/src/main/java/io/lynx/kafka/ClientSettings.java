package io.lynx.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** The properties of the clients of one Kafka. Thread-safe. */
final class ClientSettings {
    /** A broker that returns is found within a second. */
    private static final int LONGEST_RECONNECT_PAUSE_MS = 1_000;

    private final KafkaConfig config;
    private final String clientId;
    private final CurrentCredentials credentials;

    /**
     * Checks the files for TLS.
     *
     * @param application names the clients if the configuration does not
     * @param plugin its id, which their names contain
     * @throws IllegalArgumentException if a file cannot be used
     */
    ClientSettings(KafkaConfig config, String application, String plugin) {
        this.config = config;
        this.clientId = (config.clientId().isEmpty() ? application : config.clientId()) + "." + plugin;
        this.credentials = new CurrentCredentials(config);
        if (config.tls().enabled()) {
            KafkaTls.check(config.tls());
        }
    }

    CurrentCredentials credentials() {
        return credentials;
    }

    private Map<String, Object> common(String client) {
        Map<String, Object> all = new HashMap<>();
        config.properties().forEach((key, value) -> all.put(KafkaConfig.property(key), value));
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.servers());
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId + "." + client);
        all.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        all.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        all.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_PAUSE_MS);
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis(config.requestTimeout()));
        all.put(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                (config.user().isEmpty() ? "" : "SASL_") + (config.tls().enabled() ? "SSL" : "PLAINTEXT"));
        if (config.tls().enabled()) {
            all.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, KafkaTls.class);
            all.put(KafkaTls.PROPERTY, config.tls());
        }
        if (!config.user().isEmpty()) {
            all.put(SaslConfigs.SASL_MECHANISM, config.mechanism().protocolName());
            all.put(SaslConfigs.SASL_JAAS_CONFIG, config.mechanism().loginModule() + " required;");
            all.put(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, KafkaCredentials.class);
            all.put(KafkaCredentials.PROPERTY, credentials);
        }
        return all;
    }

    Map<String, Object> producer() {
        KafkaProducerConfig sends = config.producer();
        Map<String, Object> all = common("producer");
        int delivery = millis(sends.deliveryTimeout());
        int linger = millis(sends.linger());
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        all.put(ProducerConfig.LINGER_MS_CONFIG, linger);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis(config.requestTimeout()), delivery - linger));
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(sends.maxWait()));
        all.put(
                ProducerConfig.BATCH_SIZE_CONFIG,
                Math.toIntExact(sends.batchSize().bytes()));
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, sends.bufferSize().bytes());
        all.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                sends.compression().name().toLowerCase(Locale.ROOT));
        return all;
    }

    Map<String, Object> consumer(String name, String group, KafkaConsumerConfig consumer) {
        Map<String, Object> all = common(name);
        int session = millis(consumer.sessionTimeout());
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                consumer.startFrom().name().toLowerCase(Locale.ROOT));
        all.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(3_000, session / 3));
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(config.requestTimeout()));
        return all;
    }

    Map<String, Object> admin() {
        Map<String, Object> all = common("health");
        int timeout = millis(config.healthTimeout());
        all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        // While no broker can be reached, this client would begin anew without a pause and keep a processor busy.
        all.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        return all;
    }

    static int millis(Duration duration) {
        return Math.clamp(duration.toMillis(), 0, Integer.MAX_VALUE);
    }
}
