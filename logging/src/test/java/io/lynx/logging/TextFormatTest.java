package io.lynx.logging;

import static io.lynx.logging.Events.with;
import static io.lynx.logging.Events.withOneFrame;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextFormatTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final Events events = new Events();
    private final TextFormat terminal = new TextFormat(BERLIN, true, false);

    private static String line(LineFormat format, ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        format.format(event, out);
        return out.toString();
    }

    @Test
    void isOneCompactLine() {
        LoggingEvent event = with(with(events.info("ready"), "port", 8080), "url", "http://localhost:8080");

        assertThat(line(terminal, event))
                .isEqualTo("04:04:05.006 INFO  Application  ready port=8080 url=http://localhost:8080\n");
    }

    @Test
    void hasDateAndOffsetWithoutATerminal() {
        assertThat(line(new TextFormat(BERLIN, false, false), events.info("ready")))
                .isEqualTo("2026-01-02 04:04:05.006+01:00 INFO  Application  ready\n");
    }

    @Test
    void quotesAmbiguousValues() {
        LoggingEvent event = with(with(with(events.info("m"), "a", "x y"), "b", "say \"hi\""), "c", "");
        with(with(event, "d", null), "e", "k=v\n2");

        assertThat(line(terminal, event))
                .isEqualTo("04:04:05.006 INFO  Application  m a=\"x y\" b=\"say \\\"hi\\\"\" c=\"\" d=null e=\"k=v\\n"
                        + "2\"\n");
    }

    @Test
    void namesTheThreadAtWarnAndDebug() {
        String thread = "lynx-orders.worker-1";
        LoggingEvent warn = events.event(Level.WARN, "orders.worker", "slow", null, thread);
        LoggingEvent debug = events.event(Level.DEBUG, "orders.worker", "slow", null, thread);
        LoggingEvent info = events.event(Level.INFO, "orders.worker", "slow", null, thread);

        assertThat(line(terminal, warn)).isEqualTo("04:04:05.006 WARN  [lynx-orders.worker-1] orders.worker  slow\n");
        assertThat(line(terminal, debug)).isEqualTo("04:04:05.006 DEBUG [lynx-orders.worker-1] orders.worker  slow\n");
        assertThat(line(terminal, info)).isEqualTo("04:04:05.006 INFO  orders.worker  slow\n");
    }

    @Test
    void putsStackTraceUnderTheLine() {
        var thrown = withOneFrame(new IllegalStateException("first\nsecond"));

        String line = line(terminal, events.event(Level.ERROR, "io.lynx.app.Application", "failed", thrown));

        assertThat(line).isEqualTo("""
            04:04:05.006 ERROR Application  failed
                java.lang.IllegalStateException: first
                second
                \tat a.B.c(B.java:7)
            """);
    }

    @Test
    void escapesForgedLinesAndEscapeSequences() {
        LoggingEvent event = events.info("bad name\n23:59:59.999 INFO  Application  all is well\u001b[2J\rx");

        assertThat(line(terminal, event)).isEqualTo("""
            04:04:05.006 INFO  Application  bad name
                23:59:59.999 INFO  Application  all is well\\u001b[2J
                x
            """);
    }

    @Test
    void showsTheContextOfTheThread() {
        LoggingEvent event = events.info("m");
        var withContext = new LoggingEvent() {
            @Override
            public Map<String, String> getMDCPropertyMap() {
                return Map.of("request", "r1");
            }
        };
        withContext.setMessage(event.getMessage());
        withContext.setLevel(Level.INFO);
        withContext.setLoggerName("a.B");
        withContext.setThreadName("main");
        withContext.setInstant(event.getInstant());

        assertThat(line(terminal, withContext)).isEqualTo("04:04:05.006 INFO  B  m request=r1\n");
    }

    @Test
    void coloursOnRequest() {
        assertThat(line(new TextFormat(BERLIN, true, true), with(events.info("ready"), "port", 1)))
                .isEqualTo("\u001b[2m04:04:05.006\u001b[0m \u001b[32mINFO \u001b[0m \u001b[36mApplication\u001b[0m"
                        + "  ready \u001b[2mport=\u001b[0m1\n");
    }

    @Test
    void survivesValuesThatCannotBeShown() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };

        assertThat(line(terminal, with(events.info("m"), "k", broken)))
                .contains("k=\"[io.lynx.logging.TextFormatTest$")
                .contains("cannot be shown: java.lang.IllegalStateException]");
    }
}
