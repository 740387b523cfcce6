package io.lynx.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

    private static TraceContext trace(boolean isSampled) {
        return new TraceContext(TRACE, SPAN, isSampled, "");
    }

    @Test
    void readsTraceSpanAndFlags() {
        assertThat(TraceContext.parse(VALID)).isEqualTo(trace(true));
        assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-00")).isEqualTo(trace(false));
        assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-ff")).isEqualTo(trace(true));
        assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-fe")).isEqualTo(trace(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-" + TRACE + "-" + SPAN + "-01",
                "cc-" + TRACE + "-" + SPAN + "-01",
                "fe-" + TRACE + "-" + SPAN + "-01-",
                "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like"
            })
    void readsWhatItKnowsOfLaterVersions(String header) {
        assertThat(TraceContext.parse(header)).isEqualTo(trace(true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-",
                "00-" + TRACE + "-" + SPAN + "-1",
                "00-" + TRACE + "-" + SPAN + "-01-",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-" + TRACE + "-" + SPAN + "-0x",
                "00-" + TRACE + "-" + SPAN + "-A1",
                "00_" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "_" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "_01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "-00F067AA0BA902B7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-" + SPAN + "-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736a-" + SPAN + "-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473.-" + SPAN + "-01",
                "00-" + TRACE + "-00f067aa0ba902\u0660\u0661-01",
                "0-" + TRACE + "-" + SPAN + "-010",
                "0X-" + TRACE + "-" + SPAN + "-01",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "cc-" + TRACE + "-" + SPAN + "-01.more",
                "cc-" + TRACE + "-" + SPAN + "-012"
            })
    void ignoresAndCountsMalformedHeaders(String header) {
        TestSource source = TestSource.with("traceparent", header);

        assertThat(RequestScope.of(source).trace()).isEmpty();
        assertThat(source.ignored).containsExactly("traceparent");
    }

    @Test
    void ignoresSeveralHeaders() {
        TestSource source = TestSource.with("traceparent", VALID, VALID);

        assertThat(RequestScope.of(source).trace()).isEmpty();
        assertThat(source.ignored).containsExactly("traceparent");
    }

    @Test
    void writesWhatItReads() {
        assertThat(trace(true).traceparent()).isEqualTo(VALID);
        assertThat(trace(false).traceparent()).endsWith("-00");
    }

    @Test
    void refusesMalformedComponents() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceContext("x", SPAN, true, ""))
                .withMessageContaining("trace id: 'x'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceContext(TRACE, "0000000000000000", true, ""))
                .withMessageContaining("span id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TraceContext(TRACE, SPAN, true, "no pair"))
                .withMessageContaining("trace state: 'no pair'");
    }

    private static TraceContext read(TestSource source) {
        return RequestScope.of(source).trace().orElseThrow();
    }

    private static TestSource withState(String... states) {
        return new TestSource(Map.of("traceparent", List.of(VALID), "tracestate", List.of(states)));
    }

    @Test
    void joinsTheStatesOfSeveralHeaders() {
        assertThat(read(withState("rojo=00f067, congo=t61rc ", "", "a-b@c/d=x y,,"))
                        .state())
                .isEqualTo("rojo=00f067,congo=t61rc,a-b@c/d=x y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "novalue",
                "=v",
                "a=",
                "A=v",
                "-a=v",
                "a b=v",
                "a=v=w",
                "a=v,a=w",
                "a=v\u00e4",
                "a=\t\u0007",
                "\u0661=v",
                "a=v,broken"
            })
    void ignoresAndCountsMalformedStatesAndKeepsTheTrace(String state) {
        TestSource source = withState(state);

        assertThat(read(source)).isEqualTo(trace(true));
        assertThat(source.ignored).containsExactly("tracestate");
    }

    @Test
    void ignoresStatesBeyondTheLimits() {
        String many = IntStream.range(0, 33).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        String longKey = "k".repeat(257) + "=v";
        String longValue = "k=" + "v".repeat(257);
        String huge = "k=v,".repeat(300_000);

        for (String state : List.of(many, longKey, longValue, huge)) {
            TestSource source = withState(state);
            assertThat(read(source).state()).isEmpty();
            assertThat(source.ignored).containsExactly("tracestate");
        }
    }

    @Test
    void passesOnAtMost512CharactersOfTheState() {
        String large = "large=" + "v".repeat(200);
        String state =
                IntStream.range(0, 30).mapToObj(i -> "key-" + i + "=0123456789").collect(Collectors.joining(","));

        String kept = read(withState(large + "," + state)).state();

        assertThat(kept).hasSizeLessThanOrEqualTo(512).hasSizeGreaterThan(480);
        assertThat(kept).startsWith("key-0=0123456789,key-1=").doesNotContain("large");
    }
}
