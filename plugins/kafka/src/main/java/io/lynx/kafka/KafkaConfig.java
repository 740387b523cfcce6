package io.lynx.kafka;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.lynx.plugin.external.ExternalSystemConfig;
import io.lynx.plugin.external.TlsConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Kafka: the section {@code lynx.kafka}, or {@code lynx.kafka.<name>} for one with a name. Immutable.
 *
 * @param servers the addresses of some brokers
 * @param clientId what the names of the clients begin with; empty for the name of the application
 * @param mechanism of SASL
 * @param user of the brokers; empty for none
 * @param password of the user
 * @param topicPrefix what the names of all topics and groups begin with at the brokers
 * @param requestTimeout of one request to a broker
 * @param producer how records are sent
 * @param consumers how records are handled, by the names of the consumers
 * @param startup what happens at the start while Kafka cannot be reached
 * @param healthTimeout of the check, and of each attempt to connect at the start
 * @param tls files for TLS
 * @param properties further properties of the clients, with {@code _} for each dot
 */
public record KafkaConfig(
        @Doc("Addresses (host:port) of some brokers; the others are found through them.")
        List<String> servers,

        @Doc(
                "What the names of the clients begin with, for logs and quotas of the brokers; lynx.application.name if not set.")
        @Default("")
        String clientId,

        @Doc("Mechanism of SASL, if there is a user: scram_sha_512, scram_sha_256 or plain.") @Default("scram_sha_512")
        Mechanism mechanism,

        @Doc("User of the brokers; no authentication if not set.") @Default("")
        String user,

        @Doc("Password of the user; a reload puts another one in force for new connections.") @Default("") @Secret
        String password,

        @Doc("What the names of all topics and consumer groups begin with, so that several services can share brokers.")
        @Default("")
        String topicPrefix,

        @Doc("How long one request to a broker may take.") @Default("10s") @Range(min = "100ms", max = "5m")
        Duration requestTimeout,

        @Doc("How records are sent.") KafkaProducerConfig producer,

        @Doc("How records are handled, by the names of the consumers.") @Default("{}")
        Map<String, KafkaConsumerConfig> consumers,

        @Doc("While Kafka cannot be reached: require (the start waits, then fails) or degrade (it starts without).")
        @Default("require")
        StartupMode startup,

        @Doc("Time limit of the health check, and of each attempt to connect at the start.")
        @Default("3s")
        @Range(min = "100ms", max = "1m")
        Duration healthTimeout,

        @Doc("TLS.") TlsConfig tls,

        @Doc("Further properties of the clients, with _ for each dot, such as client_rack.") @Default("{}")
        Map<String, String> properties)
        implements ExternalSystemConfig {
    /** A mechanism of SASL. */
    public enum Mechanism {
        /** A password that the broker keeps as a salted hash (RFC 5802), with SHA-512. */
        SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule"),
        /** The same with SHA-256. */
        SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
        /** A password in plain text (RFC 4616); use it with TLS. */
        PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule");

        private final String protocolName;
        private final String loginModule;

        Mechanism(String protocolName, String loginModule) {
            this.protocolName = protocolName;
            this.loginModule = loginModule;
        }

        String protocolName() {
            return protocolName;
        }

        String loginModule() {
            return loginModule;
        }
    }

    private static final int LARGEST_PORT = 65_535;

    /** What the plugin sets itself, since it depends on it. */
    private static final Set<String> OWN = Set.of(
            "bootstrap.servers",
            "group.id",
            "group.protocol",
            "enable.auto.commit",
            "key.deserializer",
            "value.deserializer",
            "key.serializer",
            "value.serializer",
            "security.protocol",
            "sasl.jaas.config",
            "transactional.id");

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if an address is malformed, or keys do not fit together
     */
    public KafkaConfig {
        servers = List.copyOf(servers);
        consumers = Collections.unmodifiableMap(new LinkedHashMap<>(consumers));
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: is empty; write one address, such as kafka.example.com:9092");
        }
        servers.forEach(KafkaConfig::requireAddress);
        if (user.isEmpty() != password.isEmpty()) {
            throw new IllegalArgumentException((user.isEmpty() ? "user" : "password") + ": is not set, but "
                    + (user.isEmpty() ? "password" : "user") + " is; set both or none");
        }
        for (String key : properties.keySet()) {
            if (OWN.contains(property(key))) {
                throw new IllegalArgumentException(
                        "properties: '" + key + "' is set by the plugin; use its own keys, or remove it");
            }
        }
    }

    private static void requireAddress(String server) {
        int colon = server.lastIndexOf(':');
        String port = server.substring(colon + 1);
        if (colon < 1
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) < 1
                || Integer.parseInt(port) > LARGEST_PORT
                || server.contains("/")
                || server.contains("@")) {
            throw new IllegalArgumentException(
                    "servers: '" + server + "' is not an address; write host:port, such as kafka.example.com:9092");
        }
    }

    /** Returns the host, which is not resolved and has no brackets, and the port of a server. */
    static InetSocketAddress parse(String server) {
        int colon = server.lastIndexOf(':');
        String host = server.substring(0, colon);
        boolean hasBrackets = host.startsWith("[") && host.endsWith("]");
        return InetSocketAddress.createUnresolved(
                hasBrackets ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(server.substring(colon + 1)));
    }

    /** Returns the name of a property as the clients know it; a key of the configuration has no dots. */
    static String property(String key) {
        return key.replace('_', '.');
    }

    /** Returns where Kafka is, such as {@code kafka://kafka.example.com:9092}, without credentials. */
    String address() {
        return "kafka://" + String.join(",", servers);
    }
}
