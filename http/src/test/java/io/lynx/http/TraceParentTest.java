package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.engine.TraceParent;
import io.lynx.metrics.ProductionMetrics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";
    private static final String EXAMPLE = "span_id=\"" + SPAN + "\",trace_id=\"" + TRACE + "\"";

    @Test
    void readsTraceSpanAndFlags() {
        assertThat(TraceParent.of(VALID)).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-00")).isEqualTo(new TraceParent(TRACE, SPAN, false));
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-ff")).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-fe")).isEqualTo(new TraceParent(TRACE, SPAN, false));
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
        assertThat(TraceParent.of(header)).isEqualTo(new TraceParent(TRACE, SPAN, true));
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
    void refusesWhatIsNotValid(String header) {
        assertThat(TraceParent.of(header)).isNull();
    }

    @Test
    void takesNoneOfSeveralHeaders() {
        assertThat(TraceParent.of(List.of())).isNull();
        assertThat(TraceParent.of(List.of(VALID))).isNotNull();
        assertThat(TraceParent.of(List.of(VALID, VALID))).isNull();
    }

    private static TestServer server(ProductionMetrics metrics) {
        return TestServer.with(
                config -> config,
                http -> http.get("/items/{id}", (_, response) -> response.send("item")),
                _ -> false,
                metrics);
    }

    private static List<String> examples(TestServer server) {
        TestServer.await(() -> server.listener.inFlight().current() == 0);
        return Measured.examples(server.metrics);
    }

    @Test
    void showsTheTraceOfARequestAsAnExample() throws Exception {
        try (TestServer server = server(Measured.withExemplars())) {
            server.get("/items/1", "TraceParent", VALID);

            assertThat(examples(server)).containsExactly(EXAMPLE);
        }
    }

    @Test
    void showsTheTraceOfAStream() throws Exception {
        try (TestServer server = server(Measured.withExemplars());
                Http2RawClient client = new Http2RawClient(server.port())) {
            client.get(1, "/items/1", "traceparent", VALID);
            assertThat(client.answer(1)).startsWith("200");

            assertThat(examples(server)).containsExactly(EXAMPLE);
        }
    }

    @Test
    void showsNoTraceThatIsNotValidOrNotRecorded() throws Exception {
        try (TestServer server = server(Measured.withExemplars())) {
            server.get("/items/1", "traceparent", VALID + "-more");
            server.get("/items/1", "traceparent", "00-" + TRACE + "-" + SPAN + "-00");
            server.get("/items/1", "traceparent", VALID, "traceparent", VALID);
            server.get("/items/1");
            try (RawClient client = server.raw()) {
                client.send("nonsense\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(400);
            }

            assertThat(examples(server)).isEmpty();
            assertThat(Measured.count(server.metrics, "lynx_requests_total")).isEqualTo(5);
        }
    }

    @Test
    void showsNoTraceUnlessExamplesAreWanted() throws Exception {
        try (TestServer server = server(ProductionMetrics.builder().build())) {
            server.get("/items/1", "traceparent", VALID);

            assertThat(examples(server)).isEmpty();
            assertThat(Measured.count(server.metrics, "lynx_requests_total")).isEqualTo(1);
        }
    }
}
