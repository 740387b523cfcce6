package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.testkit.Await;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log has of clients that reset streams, or send on streams that were reset: nothing, as clients could fill it. */
class ResetLinesTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            boolean isOfNetty = event.getLoggerName().startsWith("io.netty");
            if (event.getLevel().isGreaterOrEqual(isOfNetty ? Level.INFO : Level.WARN)) {
                lines.add(event.getLoggerName() + ": " + event.getFormattedMessage());
            }
        }
    };

    @BeforeEach
    void record() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    @AfterEach
    void stop() {
        boolean _ = root.detachAppender(appender);
    }

    @Test
    void clientsThatResetWhileTrailersWaitAreNotLogged() throws Exception {
        TextService service = new TextService().answering(_ -> "x".repeat(1000));
        try (GrpcTestServer server = GrpcTestServer.of(service);
                RawGrpc client = new RawGrpc(server.port(), 10)) {
            for (int stream = 1; stream < 40; stream += 2) {
                client.call(stream, "/test.v1.Texts/Unary", RawGrpc.message(0, "x"));
                int mine = stream;
                RawGrpc.Answer answer = client.answers.computeIfAbsent(mine, _ -> new RawGrpc.Answer());
                while (answer.body.size() < 10 && client.readFrame()) {
                    // The window is used up: the rest and the trailers wait.
                }
                client.reset(stream);
            }
            Await.until("every call has ended", () -> server.application.requestsInFlight() == 0);
            client.frame(RawGrpc.PING, 0, 0, new byte[8]);
            client.call(101, "/test.v1.Texts/Missing", RawGrpc.message(0, "x"));
            client.await(101);

            assertThat(lines).isEmpty();
        }
    }

    @Test
    void clientsThatGoOnAfterTheirCallHasEndedAreNotLogged() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService());
                RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, "/test.v1.Texts/Missing", 0);
            for (int i = 0; i < 50; i++) {
                client.data(1, RawGrpc.message(0, "x".repeat(100)), 0);
            }
            client.await(1);
            client.call(3, "/test.v1.Texts/Unary", RawGrpc.message(0, "x"));
            client.await(3);

            assertThat(lines).isEmpty();
        }
    }
}
