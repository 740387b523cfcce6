package io.lynx.systemtest.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.BoolValue;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceGrpc.TestServiceBlockingStub;
import io.grpc.testing.integration.TestServiceGrpc.TestServiceStub;
import io.grpc.testing.integration.UnimplementedServiceGrpc;
import io.lynx.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The cases of gRPC's interoperability tests (doc/interop-test-descriptions.md) with the messages and stubs of grpc-java, for a pair of
 * client and server.
 */
@Timeout(120)
abstract class InteropCases {
    private static final int LARGE_REQUEST = 271_828;
    private static final int LARGE_RESPONSE = 314_159;
    private static final List<Integer> REQUEST_SIZES = List.of(27_182, 8, 1_828, 45_904);
    private static final List<Integer> RESPONSE_SIZES = List.of(31_415, 9, 2_653, 58_979);
    private static final Metadata.Key<String> ECHO_INITIAL =
            Metadata.Key.of("x-grpc-test-echo-initial", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> ECHO_TRAILING =
            Metadata.Key.of("x-grpc-test-echo-trailing-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private Channel channel;
    private TestServiceBlockingStub blocking;
    private TestServiceStub stub;

    /** Connects the client to the server. */
    abstract Channel connect();

    /** Ends the connection, when no call is open any more. */
    abstract void disconnect(Channel connected) throws Exception;

    @BeforeEach
    final void connectsForEach() {
        channel = connect();
        blocking = TestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
        stub = TestServiceGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @AfterEach
    final void disconnectsAfterEach() throws Exception {
        disconnect(channel);
    }

    private static Payload payload(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }

    private static SimpleRequest large() {
        return SimpleRequest.newBuilder()
                .setResponseSize(LARGE_RESPONSE)
                .setPayload(payload(LARGE_REQUEST))
                .build();
    }

    private static StreamingOutputCallRequest output(int requestSize, int... responseSizes) {
        StreamingOutputCallRequest.Builder request =
                StreamingOutputCallRequest.newBuilder().setPayload(payload(requestSize));
        for (int size : responseSizes) {
            request.addResponseParameters(ResponseParameters.newBuilder().setSize(size));
        }
        return request.build();
    }

    private static Status statusOf(Runnable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(failure).isNotNull();
        return failure.getStatus();
    }

    @Test
    void emptyUnary() {
        assertThat(blocking.emptyCall(Empty.getDefaultInstance())).isEqualTo(Empty.getDefaultInstance());
    }

    @Test
    void largeUnary() {
        SimpleResponse answer = blocking.unaryCall(large());

        assertThat(answer.getPayload().getBody().size()).isEqualTo(LARGE_RESPONSE);
    }

    @Test
    void clientCompressedUnary() {
        SimpleRequest request = large().toBuilder()
                .setExpectCompressed(BoolValue.newBuilder().setValue(true))
                .build();

        assertThat(blocking.withCompression("gzip")
                        .unaryCall(request)
                        .getPayload()
                        .getBody()
                        .size())
                .isEqualTo(LARGE_RESPONSE);
        assertThat(blocking.unaryCall(large()).getPayload().getBody().size()).isEqualTo(LARGE_RESPONSE);
    }

    /** Keeps the headers and the trailers of an answer. */
    private record Captured(AtomicReference<Metadata> headers, AtomicReference<Metadata> trailers)
            implements ClientInterceptor {
        Captured() {
            this(new AtomicReference<>(), new AtomicReference<>());
        }

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata metadata) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onHeaders(Metadata received) {
                                    headers.set(received);
                                    super.onHeaders(received);
                                }

                                @Override
                                public void onClose(Status status, Metadata received) {
                                    trailers.set(received);
                                    super.onClose(status, received);
                                }
                            },
                            metadata);
                }
            };
        }
    }

    @Test
    void serverCompressedUnary() {
        Captured captured = new Captured();
        for (boolean isCompressed : new boolean[] {true, false}) {
            SimpleRequest request = large().toBuilder()
                    .setResponseCompressed(BoolValue.newBuilder().setValue(isCompressed))
                    .build();

            SimpleResponse answer = blocking.withInterceptors(captured).unaryCall(request);

            assertThat(answer.getPayload().getBody().size()).isEqualTo(LARGE_RESPONSE);
        }
        assertThat(captured.headers().get()).isNotNull();
    }

    @Test
    void clientStreaming() throws Exception {
        Received<io.grpc.testing.integration.Messages.StreamingInputCallResponse> answers = new Received<>();
        StreamObserver<StreamingInputCallRequest> requests = stub.streamingInputCall(answers);
        for (int size : REQUEST_SIZES) {
            requests.onNext(StreamingInputCallRequest.newBuilder()
                    .setPayload(payload(size))
                    .build());
        }
        requests.onCompleted();

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all.getFirst().getAggregatedPayloadSize()).isEqualTo(74_922);
    }

    @Test
    void serverStreaming() {
        List<Integer> sizes = new ArrayList<>();
        blocking.streamingOutputCall(output(0, 31_415, 9, 2_653, 58_979))
                .forEachRemaining(
                        answer -> sizes.add(answer.getPayload().getBody().size()));

        assertThat(sizes).isEqualTo(RESPONSE_SIZES);
    }

    @Test
    void serverCompressedStreaming() {
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(ResponseParameters.newBuilder()
                        .setSize(31_415)
                        .setCompressed(BoolValue.newBuilder().setValue(true)))
                .addResponseParameters(ResponseParameters.newBuilder()
                        .setSize(92_653)
                        .setCompressed(BoolValue.newBuilder().setValue(false)))
                .build();
        List<Integer> sizes = new ArrayList<>();
        blocking.streamingOutputCall(request)
                .forEachRemaining(
                        answer -> sizes.add(answer.getPayload().getBody().size()));

        assertThat(sizes).containsExactly(31_415, 92_653);
    }

    @Test
    void pingPong() throws Exception {
        Received<StreamingOutputCallResponse> answers = new Received<>();
        StreamObserver<StreamingOutputCallRequest> requests = stub.fullDuplexCall(answers);
        for (int i = 0; i < REQUEST_SIZES.size(); i++) {
            requests.onNext(output(REQUEST_SIZES.get(i), RESPONSE_SIZES.get(i)));
            int count = i + 1;
            Await.until("the answer to message " + count, () -> answers.all.size() == count);
        }
        requests.onCompleted();

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all)
                .extracting(answer -> answer.getPayload().getBody().size())
                .isEqualTo(RESPONSE_SIZES);
    }

    @Test
    void emptyStream() throws Exception {
        Received<StreamingOutputCallResponse> answers = new Received<>();
        stub.fullDuplexCall(answers).onCompleted();

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all).isEmpty();
    }

    @Test
    void customMetadata() throws Exception {
        Metadata metadata = new Metadata();
        byte[] trailing = {(byte) 0xab, (byte) 0xab, (byte) 0xab};
        metadata.put(ECHO_INITIAL, "test_initial_metadata_value");
        metadata.put(ECHO_TRAILING, trailing);
        Captured unary = new Captured();
        Captured stream = new Captured();
        ClientInterceptor sending = MetadataUtils.newAttachHeadersInterceptor(metadata);

        SimpleResponse answer = blocking.withInterceptors(sending, unary).unaryCall(large());
        Received<StreamingOutputCallResponse> answers = new Received<>();
        StreamObserver<StreamingOutputCallRequest> requests =
                stub.withInterceptors(sending, stream).fullDuplexCall(answers);
        requests.onNext(output(LARGE_REQUEST, LARGE_RESPONSE));
        requests.onCompleted();

        assertThat(answer.getPayload().getBody().size()).isEqualTo(LARGE_RESPONSE);
        assertThat(answers.end()).isEqualTo(Status.OK);
        for (Captured captured : List.of(unary, stream)) {
            assertThat(captured.headers().get().get(ECHO_INITIAL)).isEqualTo("test_initial_metadata_value");
            assertThat(captured.trailers().get().get(ECHO_TRAILING)).isEqualTo(trailing);
        }
    }

    @Test
    void statusCodeAndMessage() throws Exception {
        EchoStatus echo = EchoStatus.newBuilder()
                .setCode(2)
                .setMessage("test status message")
                .build();

        Status unary = statusOf(() -> blocking.unaryCall(
                SimpleRequest.newBuilder().setResponseStatus(echo).build()));
        Received<StreamingOutputCallResponse> answers = new Received<>();
        StreamObserver<StreamingOutputCallRequest> requests = stub.fullDuplexCall(answers);
        requests.onNext(
                StreamingOutputCallRequest.newBuilder().setResponseStatus(echo).build());
        requests.onCompleted();

        assertThat(unary.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(unary.getDescription()).isEqualTo("test status message");
        assertThat(answers.end().getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(answers.end().getDescription()).isEqualTo("test status message");
    }

    @Test
    void specialStatusMessage() {
        String message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

        Status status = statusOf(() -> blocking.unaryCall(SimpleRequest.newBuilder()
                .setResponseStatus(EchoStatus.newBuilder().setCode(2).setMessage(message))
                .build()));

        assertThat(status.getCode()).as(status.toString()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).isEqualTo(message);
    }

    @Test
    void unimplementedMethodAndService() {
        assertThat(statusOf(() -> blocking.unimplementedCall(Empty.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(statusOf(() -> UnimplementedServiceGrpc.newBlockingStub(channel)
                                .unimplementedCall(Empty.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private static void cancel(StreamObserver<?> requests) {
        ((ClientCallStreamObserver<?>) requests).cancel("expected by the test", null);
    }

    @Test
    void cancelAfterBegin() throws Exception {
        Received<io.grpc.testing.integration.Messages.StreamingInputCallResponse> answers = new Received<>();
        cancel(stub.streamingInputCall(answers));

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void cancelAfterFirstResponse() throws Exception {
        Received<StreamingOutputCallResponse> answers = new Received<>();
        StreamObserver<StreamingOutputCallRequest> requests = stub.fullDuplexCall(answers);
        requests.onNext(output(27_182, 31_415));
        Await.until("the first answer", () -> answers.all.size() == 1);

        cancel(requests);

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void timeoutOnSleepingServer() throws Exception {
        Received<StreamingOutputCallResponse> answers = new Received<>();
        StreamObserver<StreamingOutputCallRequest> requests =
                stub.withDeadlineAfter(1, TimeUnit.MILLISECONDS).fullDuplexCall(answers);
        requests.onNext(StreamingOutputCallRequest.newBuilder()
                .setPayload(payload(27_182))
                .addResponseParameters(
                        ResponseParameters.newBuilder().setSize(31_415).setIntervalUs(5_000_000))
                .build());

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
}
