package io.lynx.logging;

import static io.lynx.logging.Events.with;
import static io.lynx.logging.Events.withOneFrame;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.MarkerFactory;

class JsonFormatTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Events events = new Events();

    private static String line(ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        new JsonFormat().format(event, out);
        return out.toString();
    }

    @Test
    void writesOneObjectPerLine() {
        Map<String, Object> phases = new LinkedHashMap<>();
        phases.put("drain", 12);
        phases.put("exit", null);
        var event = with(with(events.info("stopped"), "ms", 412L), "phases", phases);
        with(with(event, "plugins", List.of("a", "b")), "clean", true);

        assertThat(line(event))
                .isEqualTo("{\"time\":\"2026-01-02T03:04:05.006Z\",\"level\":\"INFO\","
                        + "\"logger\":\"io.lynx.app.Application\",\"thread\":\"main\",\"message\":\"stopped\","
                        + "\"kv\":{\"ms\":412,\"phases\":{\"drain\":12,\"exit\":null},"
                        + "\"plugins\":[\"a\",\"b\"],\"clean\":true}}\n");
    }

    @Test
    void writesAnExceptionWithItsStack() throws Exception {
        var cause = withOneFrame(new IllegalArgumentException("why"));
        var thrown = withOneFrame(new IllegalStateException("what", cause));

        JsonNode line = JSON.readTree(line(events.event(Level.ERROR, "a.B", "failed", thrown)));

        assertThat(line.at("/exception/type").textValue()).isEqualTo("java.lang.IllegalStateException");
        assertThat(line.at("/exception/message").textValue()).isEqualTo("what");
        assertThat(line.at("/exception/stack").textValue())
                .startsWith("java.lang.IllegalStateException: what\n\tat a.B.c(B.java:7)\n")
                .contains("Caused by: java.lang.IllegalArgumentException: why");
    }

    @Test
    void keepsKeysOfTheCallerApartFromItsOwn() throws Exception {
        var event = with(with(with(events.info("m"), "level", "x"), "level", "y"), "message", 1);
        event.addMarker(MarkerFactory.getMarker("AUDIT"));

        JsonNode line = JSON.readTree(line(event));

        assertThat(line.get("level").textValue()).isEqualTo("INFO");
        assertThat(line.at("/kv/level").textValue()).isEqualTo("y");
        assertThat(line.at("/kv/message").intValue()).isEqualTo(1);
        assertThat(line.at("/markers/0").textValue()).isEqualTo("AUDIT");
    }

    @Test
    void writesNaNAndInfinityAsText() throws Exception {
        var event = with(with(events.info("m"), "nan", Double.NaN), "inf", Float.NEGATIVE_INFINITY);
        with(event, "real", 1.5);

        JsonNode kv = JSON.readTree(line(event)).get("kv");

        assertThat(kv.get("nan").textValue()).isEqualTo("NaN");
        assertThat(kv.get("inf").textValue()).isEqualTo("-Infinity");
        assertThat(kv.get("real").doubleValue()).isEqualTo(1.5);
    }

    @Test
    void cutsNestingThatIsTooDeep() throws Exception {
        Object nested = "end";
        for (int i = 0; i < 20; i++) {
            nested = List.of(nested);
        }

        JsonNode kv =
                JSON.readTree(line(with(events.info("m"), "deep", nested))).get("kv");

        assertThat(kv.toString()).isEqualTo("{\"deep\":[[[[[[[\"[nested too deeply]\"]]]]]]]}");
    }

    @Test
    void isValidForAnyValue() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            // Every char is as likely, so surrogates are mostly unpaired; the first ones are all control characters.
            char[] chars = new char[random.nextInt(40)];
            for (int j = 0; j < chars.length; j++) {
                chars[j] = (char) random.nextInt(i < 200 ? 0xa0 : 0x10000);
            }
            String text = new String(chars);

            byte[] line = line(with(events.info(text), text, text)).getBytes(StandardCharsets.UTF_8);

            String wellFormed = wellFormed(text);
            JsonNode parsed = JSON.readTree(line);
            assertThat(parsed.get("message").textValue()).isEqualTo(wellFormed);
            assertThat(parsed.get("kv").get(wellFormed).textValue()).isEqualTo(wellFormed);
            assertThat(new String(line, StandardCharsets.UTF_8).strip().lines().count())
                    .isEqualTo(1);
        }
    }

    private static String wellFormed(String text) {
        int[] points = text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .toArray();
        return new String(points, 0, points.length);
    }
}
