package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.StablePort;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections with TLS, to a server that requires a certificate of its clients. */
class RedisTlsTest {
    @TempDir
    private static Path folder;

    private static LoopbackCertificate certificate;
    private static RedisServer server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        certificate = LoopbackCertificate.make(folder);
        port = StablePort.find();
        server = RedisServer.create(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-ca-cert-file",
                certificate.certificate().toString(),
                "--tls-auth-clients",
                "yes");
        server.start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
    }

    private static LynxTest.Builder application() {
        return LynxTest.of(new RedisPlugin())
                .with("lynx.redis.nodes", "localhost:" + port)
                .with("lynx.redis.tls.enabled", "true")
                .with("lynx.startup.plugin_timeout", "3s");
    }

    @Test
    void connectsWithACertificateOfItsOwn() {
        try (LynxTest lynx = application()
                .with("lynx.redis.tls.ca", certificate.certificate().toString())
                .with("lynx.redis.tls.certificate", certificate.certificate().toString())
                .with("lynx.redis.tls.key", certificate.key().toString())
                .start()) {
            assertThat(lynx.resource(RedisPlugin.key()).set("a", "1")).isEqualTo("OK");
        }
    }

    @Test
    void doesNotTrustAnUnknownAuthority() {
        assertThatThrownBy(() -> application().start().close())
                .hasMessageContaining("redis://localhost:" + port + "/0 cannot be reached");
    }

    @Test
    void namesAFileThatCannotBeUsed() {
        assertThatThrownBy(() -> application()
                        .with("lynx.redis.tls.ca", certificate.key().toString())
                        .start()
                        .close())
                .hasMessageContaining("tls");
    }
}
