package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ApplicationView;
import io.lynx.health.HealthStatus;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are replaced while requests are served. */
class CertificateReloadTest {
    private static final int ROTATIONS = 20;
    private static final List<String> NAMES = List.of("first", "second", "third");

    @TempDir
    private static Path directory;

    private static TestAuthority authority;
    private static List<TestAuthority.Issued> valid;
    private static TestAuthority.Issued expired;

    private final Path certificate = directory.resolve("used.pem");
    private final Path key = directory.resolve("used.key");

    @BeforeAll
    static void issue() throws Exception {
        authority = TestAuthority.in(directory);
        valid = List.of(authority.issue("first"), authority.issue("second"), authority.issue("third"));
        expired = authority.issueExpired("expired");
    }

    private LynxTest start() {
        return LynxTest.application(
                        app -> app.plugin(HttpServer.with(http -> http.get("/", (_, response) -> response.send("ok")))))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.0.0")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .with("lynx.http.tls.certificate", certificate.toString())
                .with("lynx.http.tls.key", key.toString())
                .with("lynx.http.tls.reload_interval", "50ms")
                // A handshake may take long while the machine is busy.
                .with("lynx.http.header_timeout", "60s")
                .with("lynx.health_check.interval", "100ms")
                .start();
    }

    /** Two steps, as when a tool copies them: between them, they do not fit together. */
    private void use(TestAuthority.Issued issued) throws Exception {
        Files.write(certificate, Files.readAllBytes(issued.certificate()));
        Files.write(key, Files.readAllBytes(issued.key()));
    }

    /** The name of the certificate that a new connection gets. */
    private static String served(LynxTest lynx) {
        try {
            SSLContext client = authority.client(null);
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), lynx.port())) {
                socket.setSoTimeout(20_000);
                socket.startHandshake();
                return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                        .getSubjectX500Principal()
                        .getName()
                        .substring("CN=".length());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static double refused(LynxTest lynx) {
        return lynx.metrics().value("lynx_tls_certificate_reloads_total", "listener", "http", "result", "refused");
    }

    /** Whether the metric of the alert says that the files on disk are refused. */
    private static boolean isRefusing(LynxTest lynx) {
        return lynx.metrics().value("lynx_tls_certificate_files_refused", "listener", "http") == 1;
    }

    private static HealthStatus health(LynxTest lynx) {
        return lynx.resource(ApplicationView.KEY).health().snapshot().statusOf("listener");
    }

    @Test
    void losesNoRequestWhileCertificatesChange() throws Exception {
        use(valid.getFirst());
        try (LynxTest lynx = start();
                Clients clients = new Clients(lynx.url())) {
            Await.until("each kind of client is served", () -> clients.served.get() > 20);
            for (int i = 1; i <= ROTATIONS; i++) {
                String before = served(lynx);
                double failures = refused(lynx);
                switch (i % 4) {
                    case 1 ->
                        Files.writeString(
                                certificate, Files.readString(certificate).substring(0, 300));
                    case 2 -> Files.write(key, Files.readAllBytes(expired.key()));
                    case 3 -> use(expired);
                    default -> Files.delete(key);
                }
                Await.until("the files are refused", () -> refused(lynx) > failures);
                assertThat(served(lynx)).isEqualTo(before);

                use(valid.get(i % NAMES.size()));
                String name = NAMES.get(i % NAMES.size());
                Await.until("the certificate " + name + " is served", () -> served(lynx)
                        .equals(name));
            }

            int done = clients.served.get();
            Await.until("requests are served", () -> clients.served.get() > done + 20);
            assertThat(clients.failures).isEmpty();
            assertThat(lynx.metrics()
                            .value("lynx_tls_certificate_reloads_total", "listener", "http", "result", "loaded"))
                    .isGreaterThanOrEqualTo(ROTATIONS);
        }
    }

    @Test
    void tellsWhatIsWrong() throws Exception {
        use(valid.getFirst());
        try (LynxTest lynx = start()) {
            Await.until("the listener is healthy", () -> health(lynx) == HealthStatus.UP);
            double expiry = lynx.metrics()
                    .value(
                            "lynx_tls_certificate_expiry_timestamp_seconds",
                            "listener",
                            "http",
                            "certificate",
                            "localhost");
            assertThat(expiry).isGreaterThan(System.currentTimeMillis() / 1000.0);
            assertThat(isRefusing(lynx)).isFalse();

            Files.writeString(certificate, "half");
            Await.until("the listener is degraded", () -> health(lynx) == HealthStatus.DEGRADED);
            assertThat(lynx.logs()
                            .await("changed and cannot be used; the earlier ones stay")
                            .toString())
                    .contains("lynx.http.tls.certificate: " + certificate + " holds no certificate");
            assertThat(refused(lynx)).isEqualTo(1);
            assertThat(isRefusing(lynx)).isTrue();

            use(expired);
            assertThat(lynx.logs()
                            .await("the certificate for localhost is valid from")
                            .toString())
                    .contains(" only");
            use(valid.getLast());
            Await.until("the listener is healthy again", () -> health(lynx) == HealthStatus.UP);
            assertThat(served(lynx)).isEqualTo("third");
            assertThat(isRefusing(lynx)).isFalse();
        }
    }

    @Test
    void theProblemIsOverWhenTheEarlierFilesAreBack() throws Exception {
        use(valid.getFirst());
        try (LynxTest lynx = start()) {
            Files.writeString(certificate, "half");
            Await.until("the files are refused", () -> isRefusing(lynx));

            Files.write(certificate, Files.readAllBytes(valid.getFirst().certificate()));

            Await.until("the files are not refused any more", () -> !isRefusing(lynx));
            assertThat(lynx.metrics()
                            .value("lynx_tls_certificate_reloads_total", "listener", "http", "result", "loaded"))
                    .isZero();
            lynx.logs().clear();
        }
    }

    @Test
    void startsWithACertificateThatHasExpired() throws Exception {
        use(expired);
        try (LynxTest lynx = start()) {
            assertThat(lynx.logs().await("Clients will refuse this service").toString())
                    .contains("lynx.http.tls: the certificate for localhost is valid from");
            Await.until("the listener is degraded", () -> health(lynx) == HealthStatus.DEGRADED);

            use(valid.getFirst());

            Await.until("the listener is healthy", () -> health(lynx) == HealthStatus.UP);
            lynx.logs().clear();
        }
    }

    /** Clients that send one request after the other: on connections that stay open, and on a new one for each request. */
    private static final class Clients implements AutoCloseable {
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger served = new AtomicInteger();
        private final List<Thread> threads;
        private volatile boolean stopping;

        Clients(URI url) throws Exception {
            SSLContext context = authority.client(null);
            threads = List.of(
                    Thread.ofPlatform().start(() -> keepOpen(url, context, HttpClient.Version.HTTP_1_1)),
                    Thread.ofPlatform().start(() -> keepOpen(url, context, HttpClient.Version.HTTP_2)),
                    Thread.ofPlatform().start(() -> open(url, context)));
        }

        private void keepOpen(URI url, SSLContext context, HttpClient.Version version) {
            try (HttpClient client =
                    HttpClient.newBuilder().version(version).sslContext(context).build()) {
                HttpRequest request = HttpRequest.newBuilder(url)
                        .timeout(Duration.ofSeconds(60))
                        .build();
                for (int i = 0; !stopping; i++) {
                    try {
                        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                        count(answer.statusCode() + answer.body());
                    } catch (Exception e) {
                        failures.add(version + ", request " + i + ": " + e);
                        return;
                    }
                }
            }
        }

        private void open(URI url, SSLContext context) {
            while (!stopping) {
                try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), url.getPort());
                        RawClient client = new RawClient(socket)) {
                    socket.setSoTimeout(60_000);
                    client.get("/");
                    RawClient.Answer answer = client.answer();
                    count(answer.status() + answer.body());
                } catch (Exception e) {
                    failures.add("new connection: " + e);
                    return;
                }
            }
        }

        private void count(String answer) {
            if (answer.equals("200ok")) {
                served.incrementAndGet();
            } else {
                failures.add(answer);
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
