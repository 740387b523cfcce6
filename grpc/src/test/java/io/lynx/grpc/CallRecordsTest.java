package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.lynx.context.RecentRequest;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.grpc.KeptSpans.KeptSpan;
import io.lynx.grpc.RawGrpc.Answer;
import io.lynx.testkit.Await;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What is recorded of calls: spans, recent failures and metrics. */
class CallRecordsTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "00-" + TRACE + "-b7ad6b7169203331-01";

    private final KeptSpans spans = new KeptSpans();

    /** Keeps the lines of the access log. */
    private static final class AccessLines extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
        private static final Logger ACCESS = (Logger) LoggerFactory.getLogger("lynx.access");

        final List<Map<String, Object>> lines = new CopyOnWriteArrayList<>();

        AccessLines() {
            setContext(ACCESS.getLoggerContext());
            start();
            ACCESS.addAppender(this);
            ACCESS.setLevel(Level.INFO);
            ACCESS.setAdditive(false);
        }

        @Override
        protected void append(ILoggingEvent event) {
            Map<String, Object> line = new LinkedHashMap<>();
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.put(pair.key, pair.value);
            }
            lines.add(line);
        }

        @Override
        public void close() {
            ACCESS.detachAppender(this);
            ACCESS.setAdditive(true);
            ACCESS.setLevel(null);
        }
    }

    private GrpcTestServer server(TextService service, String... settings) {
        return GrpcTestServer.of(GrpcServer.with(service), application -> application.plugin(spans.plugin()), settings);
    }

    private static Channel traced(GrpcTestServer server) {
        return ClientInterceptors.intercept(
                server.channel(),
                MetadataUtils.newAttachHeadersInterceptor(GrpcTestServer.metadata("traceparent", CALLER)));
    }

    @Test
    void aCallIsASpanOfTheTraceOfItsClient() throws Exception {
        try (GrpcTestServer server = server(new TextService())) {
            assertThat(ClientCalls.blockingUnaryCall(traced(server), Texts.UNARY, CallOptions.DEFAULT, "a"))
                    .isEqualTo("a");

            KeptSpan span = spans.await("test.v1.Texts/Unary");
            assertThat(span.kind()).isEqualTo(SpanKind.SERVER);
            TraceContext parent = span.parent();
            assertThat(parent == null ? "none" : parent.traceId() + " " + parent.spanId())
                    .isEqualTo(TRACE + " b7ad6b7169203331");
            assertThat(span.attributes())
                    .containsEntry("rpc.system", "grpc")
                    .containsEntry("rpc.service", "test.v1.Texts")
                    .containsEntry("rpc.method", "Unary")
                    .containsEntry("rpc.grpc.status_code", 0L)
                    .containsEntry("server.port", (long) server.port())
                    .containsEntry("network.protocol.version", "2");
            assertThat(span.error()).isEmpty();
        }
    }

    @Test
    void aCallThatFailsIsASpanWithItsErrorAndARecentRequest() throws Exception {
        TextService failing = new TextService().answering(_ -> {
            throw new IllegalStateException("expected by the test");
        });
        try (GrpcTestServer server = server(failing)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.INTERNAL);

            KeptSpan span = spans.await("test.v1.Texts/Unary");
            assertThat(span.attributes()).containsEntry("rpc.grpc.status_code", 13L);
            assertThat(span.error()).isEqualTo("java.lang.IllegalStateException");
            Await.until("it is kept", () -> !spans.tracing().recentRequests().isEmpty());
            RecentRequest recent = spans.tracing().recentRequests().getFirst();
            assertThat(recent.name()).isEqualTo("test.v1.Texts/Unary");
            assertThat(recent.status()).isEqualTo(500);
        }
    }

    @Test
    void aRefusalIsNotAnErrorOfTheServer() throws Exception {
        TextService refusing = new TextService().answering(_ -> {
            throw Status.NOT_FOUND.asRuntimeException();
        });
        try (GrpcTestServer server = server(refusing)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.NOT_FOUND);

            assertThat(spans.await("test.v1.Texts/Unary").error()).isEmpty();
            assertThat(spans.tracing().recentRequests()).isEmpty();
        }
    }

    @Test
    void callsOfUnknownMethodsShareASpanNameAndAPath() throws Exception {
        try (GrpcTestServer server = server(new TextService());
                RawGrpc client = new RawGrpc(server.port())) {
            for (int i = 0; i < 20; i++) {
                client.call(2 * i + 1, "/unknown.v1.Service" + i + "/Method", RawGrpc.message(0, ""));
                Answer answer = client.await(2 * i + 1);
                assertThat(answer.status()).isEqualTo("12");
            }

            Await.asserted("all are recorded", () -> assertThat(spans.ended)
                    .filteredOn(span -> span.kind() == SpanKind.SERVER)
                    .extracting(KeptSpan::name)
                    .hasSize(20)
                    .containsOnly("gRPC"));
            Await.until(
                    "all are counted",
                    () -> server.metric(
                                    "lynx_requests_total",
                                    "method",
                                    "POST",
                                    "path",
                                    "unmatched",
                                    "status_code",
                                    "UNIMPLEMENTED",
                                    "protocol",
                                    "grpc")
                            == 20);
        }
    }

    @Test
    void limitsThatCallsExceedAreCounted() throws Exception {
        try (GrpcTestServer server = server(new TextService(), "lynx.grpc.max_message_size", "1KiB");
                RawGrpc client = new RawGrpc(server.port())) {
            client.call(1, "/test.v1.Texts/Unary", RawGrpc.message(0, "x".repeat(2000)));
            client.call(3, "/test.v1.Texts/Unary", RawGrpc.message(7, "x"));
            client.call(5, "/test.v1.Texts/Unary", RawGrpc.message(0, "x"), "grpc-timeout", "0n");
            assertThat(client.await(1).status()).isEqualTo("8");
            assertThat(client.await(3).status()).isEqualTo("13");
            assertThat(client.await(5).status()).isEqualTo("4");

            assertThat(server.metric("lynx_requests_rejected_total", "protocol", "grpc", "reason", "max_message_size"))
                    .isEqualTo(1);
            assertThat(server.metric("lynx_requests_rejected_total", "protocol", "grpc", "reason", "malformed"))
                    .isEqualTo(1);
            assertThat(server.metric("lynx_timeout_operations_total", "operation_type", "request", "component", "grpc"))
                    .isEqualTo(1);
            assertThat(server.metric("lynx_deadline_exceeded_total", "protocol", "grpc", "path", "test.v1.Texts/Unary"))
                    .isEqualTo(1);
        }
    }

    @Test
    void theAccessLogHasALineForEachCall() throws Exception {
        AccessLines logs = new AccessLines();
        try (logs;
                GrpcTestServer server = server(new TextService(), "lynx.grpc.access_log", "json");
                RawGrpc client = new RawGrpc(server.port())) {
            Metadata metadata = GrpcTestServer.metadata("x-request-id", "r-1");
            Channel channel =
                    ClientInterceptors.intercept(traced(server), MetadataUtils.newAttachHeadersInterceptor(metadata));
            assertThat(ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "hello"))
                    .isEqualTo("hello");
            Await.until("its line", () -> !logs.lines.isEmpty());
            client.call(1, "/unknown/\"Method", RawGrpc.message(0, ""), "user-agent", "bad\"agent");
            assertThat(client.await(1).status()).isEqualTo("12");
            Await.until("the second line", () -> logs.lines.size() == 2);

            assertThat(logs.lines.getFirst())
                    .containsEntry("request_id", "r-1")
                    .containsEntry("trace_id", TRACE)
                    .containsEntry("client", "127.0.0.1")
                    .containsEntry("path", "/test.v1.Texts/Unary")
                    .containsEntry("route", "test.v1.Texts/Unary")
                    .containsEntry("protocol", "grpc")
                    .containsEntry("status", "OK")
                    .containsEntry("request_bytes", 10L)
                    .containsEntry("response_bytes", 10L)
                    .containsKey("ms");
            assertThat(logs.lines.get(1))
                    .containsEntry("path", "/unknown/?Method")
                    .containsEntry("route", "")
                    .containsEntry("status", "UNIMPLEMENTED")
                    .containsEntry("user_agent", "bad?agent");
        }
    }
}
