package io.lynx.kafka.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.kafka.KafkaPlugin;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections with TLS, to a broker that requires a certificate of its clients. */
class KafkaTlsTest {
    private static SecuredServer secured;

    @BeforeAll
    static void start() throws Exception {
        secured = SecuredServer.get();
    }

    private static LynxTest.Builder application() {
        return LynxTest.of(new KafkaPlugin())
                .with("lynx.kafka.servers", secured.server().tlsAddress())
                .with("lynx.kafka.tls.enabled", "true")
                .with("lynx.startup.plugin_timeout", "10s");
    }

    @Test
    void connectsWithACertificateOfItsOwn() {
        String certificate = secured.certificate().certificate().toString();
        try (LynxTest lynx = application()
                .with("lynx.kafka.tls.ca", certificate)
                .with("lynx.kafka.tls.certificate", certificate)
                .with("lynx.kafka.tls.key", secured.certificate().key().toString())
                .start()) {
            assertThat(lynx.resource(KafkaPlugin.sender()).send("tls", "k", "v").hasOffset())
                    .isTrue();
        }
    }

    @Test
    void doesNotTrustAnUnknownAuthority() {
        assertThatThrownBy(() -> application().start().close())
                .hasMessageContaining("kafka://" + secured.server().tlsAddress() + " does not accept the connection");
    }

    @Test
    void namesAFileThatCannotBeUsed() {
        assertThatThrownBy(() -> application()
                        .with("lynx.kafka.tls.ca", secured.certificate().key().toString())
                        .start()
                        .close())
                .hasMessageContaining("tls");
    }
}
