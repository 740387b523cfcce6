package io.lynx.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.lynx.app.LogConfig;
import io.lynx.app.LogFormat;
import io.lynx.app.LogLevel;
import io.lynx.app.LoggingBackend;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LogbackBackendTest {
    private static final String FRAMES = "io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder";

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LogbackBackend backend = new LogbackBackend(context);

    LogbackBackendTest() {
        context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
    }

    private void installOutput() {
        var output = new StandardOutput(context, out, new TextFormat(ZoneOffset.UTC, true, false));
        output.start();
        context.getLogger("ROOT").setLevel(Level.INFO);
        context.getLogger("ROOT").addAppender(output);
    }

    private String written() {
        assertThat(backend.flush(Deadline.after(Duration.ofSeconds(30), Ticker.system())))
                .isTrue();
        return out.toString(UTF_8);
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(LoggingBackend.class).findFirst()).containsInstanceOf(LogbackBackend.class);
    }

    @Test
    void writesInTheConfiguredFormat() {
        installOutput();

        context.getLogger("a.B").info("one");
        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.JSON));
        context.getLogger("a.B").info("two");

        assertThat(written().lines().toList()).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).endsWith(" INFO  B  one");
            assertThat(lines.get(1)).startsWith("{\"time\":").contains("\"message\":\"two\"");
        });
    }

    @Test
    void choosesJsonWithoutATerminal() {
        installOutput();

        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.AUTO));
        context.getLogger("a.B").info("m");

        assertThat(written()).startsWith(Terminal.detect().present() ? "" : "{");
    }

    @Test
    void appliesAndRemovesLevels() {
        installOutput();

        backend.apply(new LogConfig(LogLevel.WARN, Map.of("a", LogLevel.DEBUG, "b.C", LogLevel.OFF), LogFormat.TEXT));

        assertThat(backend.level("a.B")).isEqualTo(LogLevel.DEBUG);
        assertThat(backend.level("b.C")).isEqualTo(LogLevel.OFF);
        assertThat(backend.level("c")).isEqualTo(LogLevel.WARN);
        assertThat(backend.levels())
                .containsExactly(
                        Map.entry("", LogLevel.WARN), Map.entry("a", LogLevel.DEBUG), Map.entry("b.C", LogLevel.OFF));

        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.TEXT));

        assertThat(backend.levels())
                .containsEntry("", LogLevel.INFO)
                .containsEntry(FRAMES, LogLevel.WARN)
                .doesNotContainKeys("a", "b.C");
    }

    @Test
    void librariesThatSayTooMuchAreQuieterUnlessALevelIsGiven() {
        installOutput();

        backend.apply(new LogConfig(LogLevel.INFO, Map.of("org.flywaydb", LogLevel.INFO), LogFormat.TEXT));

        assertThat(backend.level("org.apache.kafka.clients.producer.ProducerConfig"))
                .isEqualTo(LogLevel.WARN);
        assertThat(backend.level("com.zaxxer.hikari.HikariDataSource")).isEqualTo(LogLevel.WARN);
        assertThat(backend.level("com.zaxxer.hikari.pool.PoolBase")).isEqualTo(LogLevel.ERROR);
        assertThat(backend.level("org.flywaydb.core.FlywayExecutor")).isEqualTo(LogLevel.INFO);

        backend.apply(new LogConfig(LogLevel.DEBUG, Map.of(), LogFormat.TEXT));

        assertThat(backend.level("org.apache.kafka.clients.producer.ProducerConfig"))
                .isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void clientsCannotFillTheLogUnlessItsLevelsAllowIt() {
        installOutput();

        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.TEXT));
        assertThat(backend.level(FRAMES)).isEqualTo(LogLevel.WARN);

        backend.apply(new LogConfig(LogLevel.INFO, Map.of("io.netty", LogLevel.DEBUG), LogFormat.TEXT));
        assertThat(backend.level(FRAMES)).isEqualTo(LogLevel.DEBUG);

        backend.apply(new LogConfig(LogLevel.OFF, Map.of(), LogFormat.TEXT));
        assertThat(backend.level(FRAMES)).isEqualTo(LogLevel.OFF);
    }

    @Test
    void changesOneLoggerUntilTheNextConfiguration() {
        installOutput();

        backend.setLevel("a", LogLevel.TRACE);
        assertThat(backend.level("a.B")).isEqualTo(LogLevel.TRACE);

        backend.setLevel("a", null);
        assertThat(backend.level("a.B")).isEqualTo(LogLevel.INFO);

        backend.setLevel("a", LogLevel.ERROR);
        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.TEXT));
        assertThat(backend.level("a.B")).isEqualTo(LogLevel.INFO);
    }

    @Test
    void refusesARootWithoutLevel() {
        assertThatThrownBy(() -> backend.setLevel("", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("log level of the root: missing; one of off, error, warn, info, debug, trace");
    }

    @Test
    void keepsTheLevelsOfALogbackFileUnlessConfigured() {
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("from.file").setLevel(Level.ERROR);

        backend.apply(new LogConfig(LogLevel.INFO, Map.of("a", LogLevel.DEBUG), LogFormat.JSON));

        assertThat(backend.levels())
                .containsExactly(
                        Map.entry("", LogLevel.WARN),
                        Map.entry("a", LogLevel.DEBUG),
                        Map.entry("from.file", LogLevel.ERROR));

        backend.apply(new LogConfig(LogLevel.ERROR, Map.of(), LogFormat.JSON));

        assertThat(backend.levels())
                .containsExactly(Map.entry("", LogLevel.ERROR), Map.entry("from.file", LogLevel.ERROR));
    }

    @Test
    void restoresTheLevelsOfALogbackFile() {
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("from.file").setLevel(Level.ERROR);

        backend.apply(new LogConfig(LogLevel.DEBUG, Map.of("from.file", LogLevel.TRACE), LogFormat.JSON));
        backend.setLevel("", LogLevel.OFF);
        backend.setLevel("from.file", null);
        assertThat(backend.levels()).containsExactly(Map.entry("", LogLevel.OFF));

        backend.apply(new LogConfig(LogLevel.INFO, Map.of(), LogFormat.JSON));

        assertThat(backend.levels())
                .containsExactly(Map.entry("", LogLevel.WARN), Map.entry("from.file", LogLevel.ERROR));
    }

    @Test
    void stopsTheAppendersOfALogbackFile() {
        context.start();

        boolean clean = backend.close(Deadline.after(Duration.ofSeconds(30), Ticker.system()));

        assertThat(clean).isTrue();
        assertThat(context.isStarted()).isFalse();
    }

    @Test
    void countsEventsThatPassTheirLevel() {
        installOutput();
        context.getLogger("a").setLevel(Level.DEBUG);

        context.getLogger("a").debug("one");
        context.getLogger("a").trace("held back");
        context.getLogger("b").debug("held back");
        context.getLogger("b").warn("two");
        context.getLogger("ROOT").error("three");

        assertThat(backend.counts())
                .isEqualTo(Map.of(
                        LogLevel.ERROR,
                        1L,
                        LogLevel.WARN,
                        1L,
                        LogLevel.INFO,
                        0L,
                        LogLevel.DEBUG,
                        1L,
                        LogLevel.TRACE,
                        0L));
    }

    @Test
    void continuesCountingWhenLogbackIsReset() {
        context.getLogger("a").error("one");

        context.reset();
        context.getLogger("a").error("two");

        assertThat(backend.counts()).containsEntry(LogLevel.ERROR, 2L);
    }

    @Test
    void countsOnceForAllBackendsOfAContext() {
        LogbackBackend other = new LogbackBackend(context);

        context.getLogger("a").error("one");

        assertThat(other.counts()).containsEntry(LogLevel.ERROR, 1L);
        assertThat(backend.counts()).containsEntry(LogLevel.ERROR, 1L);
    }
}
