package io.lynx.transport.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.ClientTls;
import io.lynx.transport.ConnectorSpec;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a client's TLS, and what is said when TLS fails. */
class ClientTlsContextTest {
    private final ManualTime time = new ManualTime();

    @TempDir
    Path directory;

    private ConnectorSpec spec() {
        return new ConnectorSpec(
                "inventory",
                "lynx.clients.inventory",
                Optional.empty(),
                ConnectorSpec.Version.HTTP_1_1,
                8192,
                1,
                Optional.empty(),
                time);
    }

    @Test
    void readsFilesAgainWhenTheyChange() throws Exception {
        LoopbackCertificate first = LoopbackCertificate.make(Files.createDirectory(directory.resolve("first")));
        LoopbackCertificate second = LoopbackCertificate.make(Files.createDirectory(directory.resolve("second")));
        Path used = directory.resolve("used.pem");
        Files.copy(first.certificate(), used);
        Files.setLastModifiedTime(used, FileTime.from(Instant.EPOCH));
        ClientTlsContext tls = new ClientTlsContext(
                spec(), new ClientTls(Optional.of(used.toString()), Optional.empty(), Optional.empty()));
        SslContext before = tls.current();

        Files.copy(second.certificate(), used, StandardCopyOption.REPLACE_EXISTING);
        assertThat(tls.current()).isSameAs(before);
        time.advance(Duration.ofSeconds(10));
        SslContext after = tls.current();
        assertThat(after).isNotSameAs(before);

        Files.writeString(used, "garbage");
        time.advance(Duration.ofSeconds(10));
        assertThat(tls.current()).isSameAs(after);
        time.advance(Duration.ofSeconds(10));
        assertThat(tls.current()).isSameAs(after);
    }

    /** The files were there, and reading them failed for another reason, such as a lack of file descriptors. */
    @Test
    void readsFilesAgainThatCouldNotBeReadOnce() throws Exception {
        LoopbackCertificate first = LoopbackCertificate.make(Files.createDirectory(directory.resolve("first")));
        LoopbackCertificate second = LoopbackCertificate.make(Files.createDirectory(directory.resolve("second")));
        byte[] rotated = Files.readAllBytes(second.certificate());
        Path used = directory.resolve("used.pem");
        Files.copy(first.certificate(), used);
        Files.setLastModifiedTime(used, FileTime.from(Instant.EPOCH));
        ClientTlsContext tls = new ClientTlsContext(
                spec(), new ClientTls(Optional.of(used.toString()), Optional.empty(), Optional.empty()));
        SslContext before = tls.current();

        replace(used, new byte[rotated.length]);
        time.advance(Duration.ofSeconds(10));
        assertThat(tls.current()).isSameAs(before);
        replace(used, rotated);
        time.advance(Duration.ofSeconds(10));

        SslContext after = tls.current();
        assertThat(after).isNotSameAs(before);
        time.advance(Duration.ofSeconds(10));
        assertThat(tls.current()).isSameAs(after);
    }

    /** Each time with the same time of modification. */
    private static void replace(Path file, byte[] content) throws Exception {
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(1)));
    }

    private static String said(Exception cause) {
        SSLHandshakeException failure = new SSLHandshakeException("outer");
        failure.initCause(new CertificateException("middle", cause));
        return TlsFailure.describe(failure, "inventory");
    }

    @Test
    void theInnermostCauseCounts() {
        assertThat(said(new CertificateExpiredException("NotAfter: …")))
                .isEqualTo("the server's certificate has expired");
        assertThat(said(new CertificateNotYetValidException())).isEqualTo("the server's certificate is not valid yet");
        assertThat(said(new CertPathBuilderException()))
                .isEqualTo("no trusted authority has issued the server's certificate");
        assertThat(said(new CertificateException("No name matching inventory found")))
                .isEqualTo("the server's certificate is not for inventory");
        assertThat(said(new IllegalStateException("?"))).isEqualTo("the TLS handshake failed");
        assertThat(TlsFailure.describe(
                        new SSLHandshakeException("Received fatal alert: certificate_required"), "inventory"))
                .isEqualTo("the server refused the client's certificate");
    }
}
