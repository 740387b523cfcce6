package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.context.RequestContext;
import io.lynx.security.Principal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide's page on TLS. */
class TlsGuideTest {
    @Test
    void principal(@TempDir Path directory) throws Exception {
        TestAuthority authority = TestAuthority.in(directory);
        TestAuthority.Issued certificate = authority.issue("server");
        TestAuthority.Issued alice = authority.issueFor("alice", List.of("email:alice@example.org"));
        // snippet: tls-principal
        HttpServer server = HttpServer.builder()
                .interceptors(all -> all.add(
                        StandardInterceptors.AUTHENTICATION,
                        StandardInterceptors.clientCertificate(
                                certified -> certified.getSubjectX500Principal().getName())))
                .routes(http -> http.get(
                        "/whoami",
                        (_, response) -> response.send(RequestContext.current()
                                .principal()
                                .map(Principal::name)
                                .orElse("nobody"))))
                .build();
        // end
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.http.tls.certificate", certificate.certificate().toString())
                .set("lynx.http.tls.key", certificate.key().toString())
                .set(
                        "lynx.http.tls.client_certificates",
                        authority.certificate().toString())
                .plugin(server)
                .build();
        application.start();
        try (Application _ = application;
                SSLSocket socket = (SSLSocket) authority
                        .client(alice)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port());
                RawClient client = new RawClient(socket)) {
            client.get("/whoami");

            assertThat(client.answer().body()).isEqualTo("CN=alice");
        }
    }
}
