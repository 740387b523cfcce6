package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.ProductionMetrics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trace of a request, as an exemplar of its duration. */
class RequestTraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";
    private static final String EXAMPLE = "span_id=\"" + SPAN + "\",trace_id=\"" + TRACE + "\"";

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
