package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Compression, metadata and messages of errors on the wire. */
class CodingTest {
    private static final Metadata.Key<String> NAME = Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BYTES = Metadata.Key.of("x-name-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** Sends back what it received. */
    private static final ServerInterceptor MIRROR = new ServerInterceptor() {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata answer) {
                            answer.merge(headers);
                            super.sendHeaders(answer);
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            trailers.merge(headers);
                            super.close(status, trailers);
                        }
                    },
                    headers);
        }
    };

    @Test
    void metadataOfBothKindsTravelsBothWays() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xff, 44, 61};
        Metadata sent = new Metadata();
        sent.put(NAME, "a value, with a comma");
        sent.put(NAME, "another");
        sent.put(BYTES, bytes);
        sent.put(BYTES, new byte[0]);
        GrpcServer server = GrpcServer.builder()
                .services(new TextService())
                .interceptors(all -> all.add(MIRROR))
                .build();
        try (GrpcTestServer running = GrpcTestServer.of(server, _ -> {})) {
            AtomicReference<Metadata> head = new AtomicReference<>();
            AtomicReference<Metadata> trailers = new AtomicReference<>();
            Channel channel = ClientInterceptors.intercept(
                    running.channel(),
                    MetadataUtils.newAttachHeadersInterceptor(sent),
                    MetadataUtils.newCaptureMetadataInterceptor(head, trailers));

            assertThat(ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "a"))
                    .isEqualTo("a");

            for (Metadata received : new Metadata[] {head.get(), trailers.get()}) {
                assertThat(received.getAll(NAME)).containsExactly("a value, with a comma", "another");
                assertThat(received.getAll(BYTES)).containsExactly(bytes, new byte[0]);
            }
        }
    }

    @Test
    void compressedRequestsAndAnswers() throws Exception {
        AtomicReference<Metadata> head = new AtomicReference<>();
        TextService service = new TextService().unary((text, answer) -> {
            ((ServerCallStreamObserver<String>) answer).setCompression("gzip");
            answer.onNext(text);
            answer.onCompleted();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            Channel channel = ClientInterceptors.intercept(
                    server.channel(), MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));
            String text = "compressible ".repeat(10_000);

            assertThat(ClientCalls.blockingUnaryCall(
                            channel, Texts.UNARY, CallOptions.DEFAULT.withCompression("gzip"), text))
                    .isEqualTo(text);

            assertThat(head.get().get(Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("gzip");
        }
    }

    @Test
    void theConfigurationCompressesAnswers() throws Exception {
        AtomicReference<Metadata> head = new AtomicReference<>();
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.grpc.compression", "true")) {
            Channel channel = ClientInterceptors.intercept(
                    server.channel(), MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));

            assertThat(ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "a b"))
                    .isEqualTo("a b");

            assertThat(head.get().get(Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("gzip");
            assertThat(server.stream("a b")).containsExactly("a", "b");
        }
    }

    @Test
    void anUnknownCompressionOfTheServiceIsAFaultOfTheService() throws Exception {
        TextService service = new TextService()
                .unary((_, answer) -> ((ServerCallStreamObserver<String>) answer).setCompression("lzw"));
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.codeOf("a")).isEqualTo(Status.Code.INTERNAL);
        }
    }

    @Test
    void descriptionsMayHaveAnyCharacter() throws Exception {
        String message = "100 % — größer\nals \u0001 \ud83d\ude80";
        TextService service = new TextService().answering(_ -> {
            throw Status.FAILED_PRECONDITION.withDescription(message).asRuntimeException();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            StatusRuntimeException failure = GrpcTestServer.failure(() -> server.unary("a"));

            assertThat(failure.getStatus().getDescription()).isEqualTo(message);
        }
    }

    @Test
    void aLongDescriptionIsCut() throws Exception {
        TextService service = new TextService().answering(_ -> {
            throw Status.ABORTED.withDescription("x".repeat(100_000)).asRuntimeException();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            StatusRuntimeException failure = GrpcTestServer.failure(() -> server.unary("a"));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(failure.getStatus().getDescription()).hasSize(2048);
        }
    }

    @Test
    void aLongDescriptionOutsideOfAsciiIsCutBeforeTheClientRefusesIt() throws Exception {
        TextService service = new TextService().answering(_ -> {
            throw Status.ABORTED.withDescription("\u5024".repeat(2048)).asRuntimeException();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            StatusRuntimeException failure = GrpcTestServer.failure(() -> server.unary("a"));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(failure.getStatus().getDescription()).isEqualTo("\u5024".repeat(227));
        }
    }

    @Test
    void textsInUtf8() throws Exception {
        String text = new String("größe \ud83d\ude80".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.unary(text)).isEqualTo(text);
        }
    }
}
