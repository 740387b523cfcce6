package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls.UnaryMethod;
import io.grpc.stub.StreamObserver;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.grpc.client.GrpcClientConfig.Compression;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of the four kinds by the client, to the server of this module. */
class ClientCallsTest {
    /** What a connection carries of the client. */
    private static final int CALLS_AT_A_TIME = 100;

    /** What a test may replace while the server runs. */
    private final AtomicReference<UnaryMethod<String, String>> unary = new AtomicReference<>((text, answer) -> {
        answer.onNext(text);
        answer.onCompleted();
    });

    private GrpcTestServer server;
    private GrpcChannel channel;

    @BeforeEach
    void start() {
        server = GrpcTestServer.of(
                new TextService().unary((text, answer) -> unary.get().invoke(text, answer)),
                "lynx.grpc.max_message_size",
                "32MiB");
        channel = GrpcChannel.builder("texts")
                .url("http://127.0.0.1:" + server.port())
                .connectTimeout(Duration.ofSeconds(30))
                .maxMessageSize(16 * 1024 * 1024)
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.close();
        server.close();
    }

    private String unary(String text) {
        return ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, text);
    }

    private StatusRuntimeException failure(CallOptions options) {
        return GrpcTestServer.failure(() -> ClientCalls.blockingUnaryCall(channel, Texts.UNARY, options, "x"));
    }

    @Test
    void unary() {
        assertThat(unary("hello")).isEqualTo("hello");
        assertThat(unary("")).isEmpty();
        assertThat(unary("again")).isEqualTo("again");
    }

    @Test
    void unaryByAFuture() throws Exception {
        var answer = ClientCalls.futureUnaryCall(channel.newCall(Texts.UNARY, CallOptions.DEFAULT), "later");

        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("later");
    }

    @Test
    void largeMessagesOfEachSize() {
        for (int size : new int[] {1, 4091, 16_379, 65_530, 65_536, 100_000, 3_000_000}) {
            String text = "x".repeat(size);
            assertThat(unary(text)).isEqualTo(text);
        }
    }

    @Test
    void serverStreaming() {
        List<String> all = new ArrayList<>();
        ClientCalls.blockingServerStreamingCall(channel, Texts.SERVER, CallOptions.DEFAULT, "a b c")
                .forEachRemaining(all::add);

        assertThat(all).containsExactly("a", "b", "c");
    }

    @Test
    void clientStreaming() throws Exception {
        ReceivedTexts answers = new ReceivedTexts();
        StreamObserver<String> parts =
                ClientCalls.asyncClientStreamingCall(channel.newCall(Texts.CLIENT, CallOptions.DEFAULT), answers);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            parts.onNext(i + " ");
            expected.append(i).append(' ');
        }
        parts.onCompleted();

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all).containsExactly(expected.toString());
    }

    @Test
    void bidirectionalStreamingKeepsTheOrder() throws Exception {
        ReceivedTexts answers = new ReceivedTexts();
        StreamObserver<String> parts =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(Texts.BIDI, CallOptions.DEFAULT), answers);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            parts.onNext(Integer.toString(i));
            expected.add(Integer.toString(i));
        }
        parts.onCompleted();

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all).isEqualTo(expected);
    }

    @Test
    void callbacksRunOnVirtualThreads() throws Exception {
        AtomicBoolean isVirtual = new AtomicBoolean();
        ReceivedTexts answers = new ReceivedTexts();
        ClientCalls.asyncUnaryCall(
                channel.newCall(Texts.UNARY, CallOptions.DEFAULT), "x", new StreamObserver<String>() {
                    @Override
                    public void onNext(String text) {
                        isVirtual.set(Thread.currentThread().isVirtual());
                        answers.onNext(text);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answers.onError(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answers.onCompleted();
                    }
                });

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(isVirtual).isTrue();
    }

    @Test
    void theStatusOfTheServiceArrivesWithItsMessageAndTrailers() {
        unary.set((text, answer) -> {
            Metadata trailers = GrpcTestServer.metadata("reason", "empty");
            answer.onError(Status.FAILED_PRECONDITION
                    .withDescription("not now: 50 % — später")
                    .asRuntimeException(trailers));
        });

        StatusRuntimeException failure = failure(CallOptions.DEFAULT);

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.getStatus().getDescription()).isEqualTo("not now: 50 % — später");
        assertThat(Objects.requireNonNull(failure.getTrailers())
                        .get(Metadata.Key.of("reason", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("empty");
    }

    @Test
    void anUnknownMethodIsUnimplemented() {
        var missing = Texts.method("Missing", Texts.UNARY.getType());

        assertThat(GrpcTestServer.failure(
                                () -> ClientCalls.blockingUnaryCall(channel, missing, CallOptions.DEFAULT, "x"))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void theDeadlineOfTheCallEndsItAndReachesTheServer() {
        AtomicReference<Long> allowed = new AtomicReference<>();
        unary.set((text, answer) -> {
            allowed.set(Context.current().getDeadline().timeRemaining(TimeUnit.MILLISECONDS));
            // No answer.
        });

        StatusRuntimeException failure = failure(CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(2)));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failure.getStatus().getDescription())
                .contains("test.v1.Texts/Unary")
                .contains("deadline");
        assertThat(allowed.get()).isBetween(0L, 2000L);
    }

    @Test
    void aDeadlineThatHasPassedEndsTheCallUnsent() {
        AtomicBoolean isCalled = new AtomicBoolean();
        unary.set((text, answer) -> isCalled.set(true));

        assertThat(failure(CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(isCalled).isFalse();
    }

    @Test
    void messagesAreCompressedBothWays() throws Exception {
        unary.set((text, answer) -> {
            ((ServerCallStreamObserver<String>) answer).setCompression("gzip");
            answer.onNext(text);
            answer.onCompleted();
        });
        try (GrpcChannel gzip = GrpcChannel.builder("texts")
                .url("http://127.0.0.1:" + server.port())
                .connectTimeout(Duration.ofSeconds(30))
                .compression(Compression.GZIP)
                .build()) {
            String text = "hello ".repeat(10_000);
            assertThat(ClientCalls.blockingUnaryCall(gzip, Texts.UNARY, CallOptions.DEFAULT, text))
                    .isEqualTo(text);
        }
    }

    @Test
    void aMessageOverTheLimitEndsTheCall() {
        unary.set((text, answer) -> {
            answer.onNext("x".repeat(1000));
            answer.onCompleted();
        });

        StatusRuntimeException failure = failure(CallOptions.DEFAULT.withMaxInboundMessageSize(999));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.getStatus().getDescription()).contains("lynx.clients.texts.max_message_size");
        assertThat(failure(CallOptions.DEFAULT.withMaxOutboundMessageSize(0))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void cancellingACallEndsItAtTheServer() throws Exception {
        var cancelled = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        unary.set((text, answer) -> {
            ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::countDown);
            running.countDown();
        });
        ReceivedTexts answers = new ReceivedTexts();
        ClientCall<String, String> call = channel.newCall(Texts.UNARY, CallOptions.DEFAULT);
        ClientCalls.asyncUnaryCall(call, "x", answers);
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        call.cancel("not needed any more", null);

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theContextOfGrpcEndsTheCallsThatWereMadeInIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        unary.set((text, answer) -> running.countDown());
        ReceivedTexts answers = new ReceivedTexts();
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> ClientCalls.asyncUnaryCall(channel.newCall(Texts.UNARY, CallOptions.DEFAULT), "x", answers));
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        boolean _ = context.cancel(new IllegalStateException("enough"));

        Status end = answers.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(end.getCause()).hasMessage("enough");
    }

    @Test
    void aCallbackThatThrowsCancelsTheCall() throws Exception {
        ReceivedTexts answers = new ReceivedTexts();
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(Texts.SERVER, CallOptions.DEFAULT), "a b", new StreamObserver<String>() {
                    @Override
                    public void onNext(String text) {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answers.onError(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answers.onCompleted();
                    }
                });

        assertThat(answers.end().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void anEndWhoseCallbackThrowsIsReportedOnce() throws Exception {
        List<String> ends = new CopyOnWriteArrayList<>();
        CountDownLatch hasEnded = new CountDownLatch(1);
        ClientCalls.asyncUnaryCall(
                channel.newCall(Texts.UNARY, CallOptions.DEFAULT), "x", new StreamObserver<String>() {
                    @Override
                    public void onNext(String text) {}

                    @Override
                    public void onError(Throwable failure) {
                        throwAt("error");
                    }

                    @Override
                    public void onCompleted() {
                        throwAt("completed");
                    }

                    private void throwAt(String end) {
                        ends.add(end);
                        hasEnded.countDown();
                        if (ends.size() < 5) {
                            throw new IllegalStateException("broken");
                        }
                    }
                });
        assertThat(hasEnded.await(30, TimeUnit.SECONDS)).isTrue();

        // Waits until the end has been reported.
        channel.close(Deadline.after(Duration.ofSeconds(30), Ticker.system()));

        assertThat(ends).containsExactly("completed");
    }

    @Test
    void aCallEndsAlthoughItsExecutorThrows() throws Exception {
        ReceivedTexts answers = new ReceivedTexts();
        CallOptions broken = CallOptions.DEFAULT.withExecutor(_ -> {
            throw new IllegalStateException("broken");
        });

        ClientCalls.asyncUnaryCall(channel.newCall(Texts.UNARY, broken), "x", answers);

        assertThat(answers.end()).isEqualTo(Status.OK);
        assertThat(answers.all).containsExactly("x");
    }

    @Test
    void aCallWhoseMetadataCannotBeWrittenKeepsNoPlaceOnItsConnection() {
        try (GrpcChannel one = GrpcChannel.builder("one")
                .url("http://127.0.0.1:" + server.port())
                .timeout(Duration.ofSeconds(10))
                .connectTimeout(Duration.ofSeconds(10))
                .maxConnections(1)
                .policies(policies -> policies.withCircuitBreaker(false))
                .build()) {
            Channel unwritable =
                    ClientInterceptors.intercept(one, MetadataUtils.newAttachHeadersInterceptor(Texts.unwritable()));
            assertThat(ClientCalls.blockingUnaryCall(one, Texts.UNARY, CallOptions.DEFAULT, "before"))
                    .isEqualTo("before");

            for (int i = 0; i < CALLS_AT_A_TIME; i++) {
                StatusRuntimeException failure = GrpcTestServer.failure(
                        () -> ClientCalls.blockingUnaryCall(unwritable, Texts.UNARY, CallOptions.DEFAULT, "x"));
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
                assertThat(failure)
                        .hasMessageContaining("the call could not be sent")
                        .hasRootCauseMessage("broken");
            }

            assertThat(ClientCalls.blockingUnaryCall(one, Texts.UNARY, CallOptions.DEFAULT, "after"))
                    .isEqualTo("after");
        }
    }
}
