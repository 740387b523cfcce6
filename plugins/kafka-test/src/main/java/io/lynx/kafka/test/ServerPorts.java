package io.lynx.kafka.test;

import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.StablePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The ports of a broker, and its properties. Used by one thread. */
final class ServerPorts {
    private static final String HOST = "127.0.0.1";

    private final int plain;
    private final int controller;
    private final int user;
    private final int tls;
    private final @Nullable LoopbackCertificate certificate;
    private final @Nullable ConnectionProxy proxy;

    private ServerPorts(@Nullable LoopbackCertificate certificate) throws IOException {
        this.plain = StablePort.find();
        this.controller = StablePort.find();
        this.certificate = certificate;
        this.user = certificate == null ? 0 : StablePort.find();
        this.tls = certificate == null ? 0 : StablePort.find();
        this.proxy = certificate == null ? null : ConnectionProxy.to(user);
    }

    static ServerPorts plain() throws IOException {
        return new ServerPorts(null);
    }

    static ServerPorts secured(LoopbackCertificate certificate) throws IOException {
        return new ServerPorts(certificate);
    }

    int plainPort() {
        return plain;
    }

    int userPort() {
        if (proxy == null) {
            throw new IllegalStateException("this Kafka has no users; make it by createSecured");
        }
        return proxy.port();
    }

    int tlsPort() {
        if (certificate == null) {
            throw new IllegalStateException("this Kafka has no TLS; make it by createSecured");
        }
        return tls;
    }

    /** Ends the connections of users. Returns false if that cannot be done. */
    boolean dropConnections() {
        if (proxy != null) {
            proxy.dropConnections();
        }
        return proxy != null;
    }

    void close() {
        if (proxy != null) {
            try {
                proxy.close();
            } catch (IOException alreadyBroken) {
                // It is closed all the same.
            }
        }
    }

    Properties properties(Path data) throws IOException {
        Properties all = new Properties();
        all.setProperty("process.roles", "broker,controller");
        all.setProperty("node.id", "1");
        all.setProperty("controller.quorum.voters", "1@" + HOST + ":" + controller);
        all.setProperty("controller.listener.names", "CONTROLLER");
        all.setProperty("inter.broker.listener.name", "PLAINTEXT");
        all.setProperty(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL");
        String listeners = "PLAINTEXT://" + HOST + ":" + plain;
        String advertised = listeners;
        if (certificate != null) {
            listeners += ",SASL_PLAINTEXT://" + HOST + ":" + user + ",SSL://" + HOST + ":" + tls;
            advertised += ",SASL_PLAINTEXT://" + HOST + ":" + userPort() + ",SSL://localhost:" + tls;
            secure(all, certificate);
        }
        all.setProperty("listeners", listeners + ",CONTROLLER://" + HOST + ":" + controller);
        all.setProperty("advertised.listeners", advertised);
        all.setProperty("log.dirs", data.toString());
        all.setProperty("num.partitions", "3");
        all.setProperty("offsets.topic.num.partitions", "1");
        all.setProperty("offsets.topic.replication.factor", "1");
        all.setProperty("transaction.state.log.num.partitions", "1");
        all.setProperty("transaction.state.log.replication.factor", "1");
        all.setProperty("transaction.state.log.min.isr", "1");
        all.setProperty("share.coordinator.state.topic.replication.factor", "1");
        all.setProperty("share.coordinator.state.topic.min.isr", "1");
        all.setProperty("group.initial.rebalance.delay.ms", "0");
        all.setProperty("group.min.session.timeout.ms", "1000");
        all.setProperty("log.cleaner.enable", "false");
        all.setProperty("broker.session.timeout.ms", "3000");
        all.setProperty("broker.heartbeat.interval.ms", "1000");
        all.setProperty("controlled.shutdown.enable", "false");
        all.setProperty("log.segment.bytes", "67108864");
        return all;
    }

    private static void secure(Properties all, LoopbackCertificate certificate) throws IOException {
        all.setProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        all.setProperty(
                "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        all.setProperty("listener.name.ssl.ssl.client.auth", "required");
        all.setProperty("listener.name.ssl.ssl.keystore.type", "PEM");
        all.setProperty(
                "listener.name.ssl.ssl.keystore.certificate.chain", Files.readString(certificate.certificate()));
        all.setProperty("listener.name.ssl.ssl.keystore.key", Files.readString(certificate.key()));
        all.setProperty("listener.name.ssl.ssl.truststore.type", "PEM");
        all.setProperty("listener.name.ssl.ssl.truststore.certificates", Files.readString(certificate.certificate()));
    }
}
