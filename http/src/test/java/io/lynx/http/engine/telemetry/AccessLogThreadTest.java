package io.lynx.http.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.lynx.http.AccessLogFormat;
import io.lynx.testkit.Await;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The thread of the access log. */
class AccessLogThreadTest {
    private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("lynx.access");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final UnsynchronizedAppenderBase<ILoggingEvent> appender = new UnsynchronizedAppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void attach() {
        appender.setContext(ACCESS.getLoggerContext());
        appender.start();
        ACCESS.addAppender(appender);
        ACCESS.setLevel(Level.INFO);
        ACCESS.setAdditive(false);
    }

    @AfterEach
    void detach() {
        ACCESS.detachAppender(appender);
        ACCESS.setAdditive(true);
        ACCESS.setLevel(null);
    }

    private static AccessEntry entry(String path) {
        return new AccessEntry(
                Instant.EPOCH, "r-1", "", "", "203.0.113.9", "GET", path, "/", "HTTP/2", "", 200, 0, 12, 1, 2);
    }

    @Test
    void startsWithTheNextLineWhenTheSystemHasHadNoThread() {
        AtomicBoolean hasFailed = new AtomicBoolean();
        ThreadFactory threads = work -> {
            if (hasFailed.compareAndSet(false, true)) {
                throw new OutOfMemoryError("unable to create native thread: expected by the test");
            }
            return Thread.ofPlatform().daemon().unstarted(work);
        };
        try (AccessLog log =
                new AccessLog(AccessLogFormat.COMMON, threads, InstantSource.system(), dropped::addAndGet)) {
            log.write(entry("/first"));
            assertThat(hasFailed).isTrue();
            assertThat(lines).isEmpty();

            log.write(entry("/second"));

            Await.until("both lines are written", () -> lines.size() == 2);
            assertThat(lines).first().asString().contains("/first");
            assertThat(dropped).hasValue(0);
        }
    }
}
