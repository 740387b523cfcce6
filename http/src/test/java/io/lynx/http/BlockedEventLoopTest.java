package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Code that blocks an event loop: no time limit of its connections is checked, so nothing but a watch outside can name it. */
class BlockedEventLoopTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs());
        }
    };

    private final ManualTime time = new ManualTime();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @BeforeEach
    void record() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
    }

    @AfterEach
    void release() {
        released.countDown();
        root.detachAppender(appender);
    }

    private void hang() {
        begun.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isNamed() {
        time.advance(Duration.ofSeconds(6));
        return lines.stream()
                .anyMatch(line -> line.contains("Event loop of listener 'http' has been blocked")
                        && line.contains("BlockedEventLoopTest.hang"));
    }

    @Test
    void namesAHandlerThatBlocks() throws Exception {
        assertNamed(routes -> routes.get("/", RouteOptions.nonBlocking(), (_, response) -> {
            hang();
            response.send("ok");
        }));
    }

    @Test
    void namesAPredicateThatBlocks() throws Exception {
        RouteOptions options = RouteOptions.nonBlocking().withBlockingFor(_ -> {
            hang();
            return false;
        });
        assertNamed(routes -> routes.get("/", options, (_, response) -> response.send("ok")));
    }

    private void assertNamed(Consumer<Routes> routes) throws Exception {
        HttpServer server = HttpServer.builder().routes(routes).build();
        try (RecordingContext context =
                        RecordingContext.of(server.descriptor(), time).config(new TestLimits().http());
                ListenerFixture listener =
                        ListenerFixture.start(context, descriptor -> RecordingContext.of(descriptor, time))) {
            server.start(context);
            listener.traffic().open();
            try (RawClient client = new RawClient(server.port())) {
                client.get("/");
                assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

                Await.until("the code that blocks is named", this::isNamed);
                released.countDown();

                assertThat(client.answer().status()).isEqualTo(200);
                assertThat(lines)
                        .filteredOn(line -> line.contains("Event loop"))
                        .hasSize(1);
            }
        }
    }
}
