package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ResetLogTest {
    private static final class Warnings extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)
                    && event.getThreadName().startsWith("lynx-")) {
                lines.add(event.toString());
            }
        }
    }

    private static Warnings attached() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Warnings warnings = new Warnings();
        warnings.setContext(root.getLoggerContext());
        warnings.start();
        root.addAppender(warnings);
        return warnings;
    }

    private static void detach(Warnings warnings) {
        boolean _ = ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(warnings);
    }

    @Test
    void clientsThatResetTheirConnectionsLeaveNoLines() throws Exception {
        Warnings warnings = attached();
        try (TestServer server = TestServer.with(http -> http.get("/", (_, response) -> response.send("ok")))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient fresh = server.raw();
                        RawClient partial = server.raw();
                        RawClient used = server.raw()) {
                    partial.send("GET / HT");
                    used.get("/");
                    assertThat(used.answer().status()).isEqualTo(200);
                    fresh.abort();
                    partial.abort();
                    used.abort();
                }
            }
            TestServer.await(() -> server.listener.counts().openConnections() == 0);

            assertThat(warnings.lines).isEmpty();
        } finally {
            detach(warnings);
        }
    }

    @Test
    void clientsThatNegotiateHttp2AndSendSomethingElseLeaveNoLines(@TempDir Path folder) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(folder);
        Warnings warnings = attached();
        try (TestServer server = TestServer.with(
                limits -> limits.tls(certificate), http -> http.get("/", (_, response) -> response.send("ok")))) {
            for (String sent :
                    List.of("\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSX", "\0\0\0")) {
                SSLSocket socket = (SSLSocket)
                        certificate.clientContext().getSocketFactory().createSocket("localhost", server.port());
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"h2"});
                socket.setSSLParameters(parameters);
                try (RawClient client = new RawClient(socket)) {
                    client.send(sent);
                    byte[] _ = client.rest();
                }
            }
            TestServer.await(() -> server.listener.counts().openConnections() == 0);

            assertThat(warnings.lines).isEmpty();
        } finally {
            detach(warnings);
        }
    }
}
