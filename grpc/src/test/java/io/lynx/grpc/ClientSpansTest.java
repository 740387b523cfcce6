package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.lynx.context.SpanKind;
import io.lynx.grpc.KeptSpans.KeptSpan;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.grpc.client.GrpcClientPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The spans of a client's calls and of their attempts. */
class ClientSpansTest {
    private static final String CALLER = "00-" + KeptSpans.TRACE + "-b7ad6b7169203331-01";

    private final KeptSpans spans = new KeptSpans();

    /** Calls the service {@code texts} for each of its own calls. */
    private static final class Gateway implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("gateway")
                    .requires("grpc")
                    .requires("tracer")
                    .requires(GrpcClientPlugin.id("texts"))
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(new GrpcClientPlugin("texts"));
        }

        @Override
        public void start(PluginContext context) {
            GrpcChannel texts = context.resource(GrpcClientPlugin.key("texts"));
            CallOptions twice = CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true);
            TextService service =
                    new TextService().answering(text -> ClientCalls.blockingUnaryCall(texts, Texts.UNARY, twice, text));
            context.resource(GrpcServer.SERVICES).add(context, service);
        }
    }

    private GrpcTestServer gateway(GrpcTestServer behind) {
        return GrpcTestServer.of(
                new GrpcServer(),
                builder -> builder.plugin(spans.plugin()).plugin(new Gateway()),
                "lynx.clients.texts.url",
                "http://localhost:" + behind.port(),
                "lynx.clients.texts.connect_timeout",
                "30s");
    }

    private static Channel traced(GrpcTestServer server) {
        return ClientInterceptors.intercept(
                server.channel(),
                MetadataUtils.newAttachHeadersInterceptor(GrpcTestServer.metadata("traceparent", CALLER)));
    }

    @Test
    void anAttemptHasTheAttributesOfAnRpc() throws Exception {
        try (GrpcTestServer behind = GrpcTestServer.of(new TextService());
                GrpcTestServer front = gateway(behind)) {
            assertThat(ClientCalls.blockingUnaryCall(traced(front), Texts.UNARY, CallOptions.DEFAULT, "a"))
                    .isEqualTo("a");

            KeptSpan call = spans.await(SpanKind.INTERNAL, "call texts");
            assertThat(call.error()).isEmpty();
            KeptSpan attempt = spans.await(SpanKind.CLIENT, "test.v1.Texts/Unary");
            assertThat(attempt.attributes())
                    .containsEntry("rpc.system", "grpc")
                    .containsEntry("rpc.service", "test.v1.Texts")
                    .containsEntry("rpc.method", "Unary")
                    .containsEntry("rpc.grpc.status_code", 0L)
                    .containsEntry("server.address", "localhost")
                    .containsEntry("server.port", (long) behind.port())
                    .containsEntry("network.peer.port", (long) behind.port())
                    .doesNotContainKey("rpc.grpc.resend_count");
            assertThat(attempt.error()).isEmpty();
        }
    }

    @Test
    void aFailedAttemptHasItsStatus() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TextService failing = new TextService().answering(_ -> {
            calls.incrementAndGet();
            throw Status.NOT_FOUND.asRuntimeException();
        });
        try (GrpcTestServer behind = GrpcTestServer.of(failing);
                GrpcTestServer front = gateway(behind)) {
            Channel channel = traced(front);
            assertThat(GrpcTestServer.failure(
                                    () -> ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "a"))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.NOT_FOUND);

            KeptSpan attempt = spans.await(SpanKind.CLIENT, "test.v1.Texts/Unary");
            assertThat(attempt.attributes()).containsEntry("rpc.grpc.status_code", 5L);
            assertThat(attempt.error()).isEqualTo("NOT_FOUND");
            assertThat(calls).hasValue(1);
        }
    }
}
