package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackCertificateTest {
    @TempDir
    private Path directory;

    @Test
    void writesACertificateForTheLoopbackAndItsKeyAsPemFiles() throws Exception {
        LoopbackCertificate made = LoopbackCertificate.make(directory);

        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(made.certificate())));
        certificate.checkValidity();
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactlyInAnyOrder("localhost", "127.0.0.1");
        List<String> key = Files.readAllLines(made.key());
        assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----").endsWith("-----END PRIVATE KEY-----");
        assertThat(made.clientContext().getProtocol()).isEqualTo("TLS");
    }

    @Test
    void failsWithTheOutputOfKeytool() {
        assertThatThrownBy(() -> LoopbackCertificate.make(directory.resolve("missing")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("keytool error");
    }
}
