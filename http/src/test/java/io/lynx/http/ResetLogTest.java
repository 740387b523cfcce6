package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
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

    @Test
    void clientsThatResetTheirConnectionsLeaveNoLines() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Warnings warnings = new Warnings();
        warnings.setContext(root.getLoggerContext());
        warnings.start();
        root.addAppender(warnings);
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
            root.detachAppender(warnings);
        }
    }
}
