package io.lynx.examples.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// snippet: testing-tls
class EncryptedRouteTest {
    @Test
    void greetsOverTls(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        try (LynxTest lynx = LynxTest.application(app -> app.plugin(HttpServer.with(Main::routes)))
                        .with("lynx.http.port", "0")
                        .with(
                                "lynx.http.tls.certificate",
                                certificate.certificate().toString())
                        .with("lynx.http.tls.key", certificate.key().toString())
                        .with("lynx.metrics.prometheus.port", "0")
                        .start();
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(certificate.clientContext())
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(lynx.url().resolve("/hello/Ada")).build();

            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo("Hello, Ada");
        }
    }
}
// end
