package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.KeyValuePair;

/** Whatever is logged, its line is written and the caller gets no exception. */
class HostileValuesTest {
    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private String log(LineFormat format, LoggingEvent event) {
        StandardOutput output = new StandardOutput(context, written, format);
        output.start();
        output.doAppend(event);
        assertThat(output.flush(Deadline.after(Duration.ofSeconds(30), Ticker.system())))
                .isTrue();
        return written.toString(StandardCharsets.UTF_8);
    }

    private LoggingEvent event() {
        context.setMDCAdapter(mdc);
        Logger logger = context.getLogger("orders");
        return new LoggingEvent("caller", logger, Level.INFO, "stored", null, null);
    }

    static Stream<LineFormat> formats() {
        return Stream.of(new JsonFormat(), new TextFormat(ZoneOffset.UTC, false, false));
    }

    private static List<Object> hostile() {
        Map<String, Object> left = new HashMap<>();
        Map<String, Object> right = new HashMap<>(Map.of("left", left));
        left.put("right", right);
        List<Object> wide = List.of("end");
        for (int i = 0; i < 7; i++) {
            wide = List.of(wide, wide, wide, wide, wide, wide, wide, wide);
        }
        return List.of(
                left,
                wide,
                new Recursive(),
                new Refusing(),
                new Changing(),
                new ArrayList<>(List.of(new Refusing(), Map.of(new Refusing(), new Recursive()))));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesTheLine(LineFormat format) {
        for (Object value : hostile()) {
            written.reset();
            LoggingEvent event = event();
            event.addKeyValuePair(new KeyValuePair("value", value));
            event.addKeyValuePair(new KeyValuePair("after", 7));

            String line = log(format, event);

            assertThat(line).contains("stored").containsPattern("after\"?[=:]7").endsWith("\n");
            assertThat(line.length()).as("%s", value.getClass()).isLessThan(50_000);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesNulls(LineFormat format) {
        mdc.put("user", null);
        LoggingEvent event = event();
        event.addKeyValuePair(new KeyValuePair(null, null));
        event.addKeyValuePair(new KeyValuePair("password", null));

        assertThat(log(format, event))
                .contains("stored")
                .containsPattern("user\"?[=:]null")
                .containsPattern("null\"?[=:]null");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesTheReadableParts(LineFormat format) {
        LoggingEvent event = new LoggingEvent() {
            @Override
            public Map<String, String> getMDCPropertyMap() {
                throw new StackOverflowError();
            }
        };
        event.setLevel(Level.INFO);
        event.setLoggerName("orders");
        event.setInstant(java.time.Instant.EPOCH);
        event.setMessage("stored");

        assertThat(log(format, event))
                .contains("stored")
                .contains("not_formatted")
                .contains("java.lang.StackOverflowError");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void masksSecrets(LineFormat format) {
        mdc.put("Authorization", "Bearer hunter2hunter2");
        IllegalStateException failure = new IllegalStateException(
                "cannot reach postgres://u:hunter2@h/db", new RuntimeException("token=hunter2"));
        LoggingEvent event =
                new LoggingEvent("caller", context.getLogger("orders"), Level.INFO, "password=hunter2", failure, null);
        context.setMDCAdapter(mdc);
        event.addKeyValuePair(new KeyValuePair("apiKey", "hunter2"));
        event.addKeyValuePair(new KeyValuePair("url", "jdbc:h2:mem:a;PASSWORD=hunter2"));
        event.addKeyValuePair(
                new KeyValuePair("more", Map.of("clientSecret", "hunter2", "list", List.of("pwd=hunter2"))));

        String line = log(format, event);

        assertThat(line).doesNotContain("hunter2").contains("password=***", "postgres://u:***@h/db", "token=***");
    }

    @Test
    void masksEachValueInJson() {
        LoggingEvent event = event();
        event.addKeyValuePair(new KeyValuePair("more", Map.of("clientSecret", List.of("hunter2"))));

        assertThat(log(new JsonFormat(), event)).contains("\"kv\":{\"more\":{\"clientSecret\":\"***\"}}");
    }

    private static final class Recursive {
        @Override
        public String toString() {
            return "again " + this;
        }
    }

    private static final class Refusing {
        @Override
        public String toString() {
            throw new IllegalStateException("no");
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private static final class Changing extends AbstractList<Object> {
        @Override
        public Object get(int index) {
            throw new ConcurrentModificationException();
        }

        @Override
        public Iterator<Object> iterator() {
            throw new ConcurrentModificationException();
        }

        @Override
        public int size() {
            return 3;
        }
    }
}
