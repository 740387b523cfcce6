package io.lynx.kafka.test;

import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The Kafka with users and TLS that the tests of this JVM share, and that they stop and start. */
final class SecuredServer {
    private static @Nullable SecuredServer shared;

    private final KafkaServer server;
    private final LoopbackCertificate certificate;

    private SecuredServer(KafkaServer server, LoopbackCertificate certificate) {
        this.server = server;
        this.certificate = certificate;
    }

    static synchronized SecuredServer get() throws Exception {
        SecuredServer known = shared;
        if (known == null) {
            Path folder = Files.createTempDirectory("lynx-kafka-tls-");
            LoopbackCertificate certificate = LoopbackCertificate.make(folder);
            known = new SecuredServer(KafkaServer.createSecured(certificate), certificate);
            KafkaServer made = known.server;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(made), "secured-kafka-of-tests"));
            shared = known;
        }
        known.server.start();
        return known;
    }

    private static void stop(KafkaServer server) {
        try {
            server.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    KafkaServer server() {
        return server;
    }

    LoopbackCertificate certificate() {
        return certificate;
    }
}
