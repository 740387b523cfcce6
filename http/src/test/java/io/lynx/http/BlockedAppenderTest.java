package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BlockedAppenderTest {
    /** Blocks in the first line of a failed request. */
    private static final class Blocked extends UnsynchronizedAppenderBase<ILoggingEvent> {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getMessage().equals("Request failed")) {
                reached.countDown();
                try {
                    boolean _ = released.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Test
    void theEventLoopServesRequestsWhileALogLineIsBlocked() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Blocked blocked = new Blocked();
        blocked.setContext(root.getLoggerContext());
        blocked.start();
        try (TestServer server = TestServer.with(http -> {
                    http.get("/", RouteOptions.nonBlocking(), (_, response) -> response.send("ok"));
                    http.get("/broken", RouteOptions.nonBlocking(), (_, _) -> {
                        throw new IllegalStateException("broken");
                    });
                });
                RawClient client = server.raw()) {
            root.addAppender(blocked);
            client.get("/broken");
            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(blocked.reached.await(20, TimeUnit.SECONDS)).isTrue();

            client.get("/");

            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(blocked.released.getCount()).isOne();
        } finally {
            blocked.released.countDown();
            root.detachAppender(blocked);
        }
    }
}
