package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client and grpc-java's own server: the four kinds of calls, and flow control in both directions. */
class ClientFlowTest {
    private static final String PIECE = "x".repeat(10_000);

    private final AtomicInteger sent = new AtomicInteger();
    private Server server;
    private GrpcChannel channel;

    @BeforeEach
    void start() throws Exception {
        TextService service = new TextService().server((text, answer) -> {
            ServerCallStreamObserver<String> stream = (ServerCallStreamObserver<String>) answer;
            int count = Integer.parseInt(text);
            stream.setOnReadyHandler(() -> {
                while (stream.isReady() && sent.get() < count) {
                    stream.onNext(PIECE);
                    if (sent.incrementAndGet() == count) {
                        stream.onCompleted();
                    }
                }
            });
        });
        server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(service)
                .build()
                .start();
        channel = GrpcChannel.builder("texts")
                .url("http://127.0.0.1:" + server.getPort())
                .connectTimeout(Duration.ofSeconds(30))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.close();
        assertThat(server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void unaryAndStreams() throws Exception {
        assertThat(ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "hello"))
                .isEqualTo("hello");
        List<String> all = new ArrayList<>();
        ClientCalls.blockingServerStreamingCall(channel, Texts.SERVER, CallOptions.DEFAULT, "300")
                .forEachRemaining(all::add);
        assertThat(all).hasSize(300);
        ReceivedTexts joined = new ReceivedTexts();
        StreamObserver<String> parts =
                ClientCalls.asyncClientStreamingCall(channel.newCall(Texts.CLIENT, CallOptions.DEFAULT), joined);
        parts.onNext("a");
        parts.onNext("b");
        parts.onCompleted();
        assertThat(joined.end()).isEqualTo(Status.OK);
        assertThat(joined.all).containsExactly("ab");
        ReceivedTexts echo = new ReceivedTexts();
        StreamObserver<String> texts =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(Texts.BIDI, CallOptions.DEFAULT), echo);
        for (int i = 0; i < 500; i++) {
            texts.onNext(Integer.toString(i));
        }
        texts.onCompleted();
        assertThat(echo.end()).isEqualTo(Status.OK);
        assertThat(echo.all).hasSize(500);
    }

    @Test
    void aSlowReaderHoldsTheServerUp() throws Exception {
        ClientCall<String, String> call = channel.newCall(Texts.SERVER, CallOptions.DEFAULT);
        AtomicInteger received = new AtomicInteger();
        CompletableFuture<Status> end = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(String message) {
                        received.incrementAndGet();
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                new Metadata());
        call.sendMessage("2000");
        call.halfClose();
        call.request(1);
        Await.until("the first message arrives", () -> received.get() == 1);
        Await.until("the server waits", () -> isSteady(sent));
        assertThat(sent.get()).isLessThan(200);

        call.request(Integer.MAX_VALUE);

        assertThat(end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        assertThat(received).hasValue(2000);
    }

    private static boolean isSteady(AtomicInteger count) throws InterruptedException {
        int before = count.get();
        boolean _ = new Semaphore(0).tryAcquire(300, TimeUnit.MILLISECONDS);
        return before > 0 && count.get() == before;
    }

    @Test
    void aSenderThatWatchesIsReadySendsEverything() throws Exception {
        AtomicInteger left = new AtomicInteger(1000);
        AtomicInteger pauses = new AtomicInteger();
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientCalls.asyncClientStreamingCall(
                channel.newCall(Texts.CLIENT, CallOptions.DEFAULT), new ClientResponseObserver<String, String>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<String> request) {
                        request.setOnReadyHandler(() -> {
                            while (request.isReady() && left.get() > 0) {
                                request.onNext(PIECE);
                                if (left.decrementAndGet() == 0) {
                                    request.onCompleted();
                                }
                            }
                            pauses.incrementAndGet();
                        });
                    }

                    @Override
                    public void onNext(String text) {
                        answer.complete(text);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });

        // The server answers with all of it, which is more than the client takes.
        assertThat(answer.handle((_, failure) -> Status.fromThrowable(failure).getCode())
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(left).hasValue(0);
        assertThat(pauses.get()).isGreaterThan(1);
    }

    @Test
    void aServerThatShutsDownFinishesItsCallsAndIsUnavailableThen() throws Exception {
        ReceivedTexts echo = new ReceivedTexts();
        StreamObserver<String> texts =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(Texts.BIDI, CallOptions.DEFAULT), echo);
        texts.onNext("before");
        Await.until("the stream has begun", () -> !echo.all.isEmpty());

        Server _ = server.shutdown();
        texts.onNext("after");
        texts.onCompleted();

        assertThat(echo.end()).isEqualTo(Status.OK);
        assertThat(echo.all).containsExactly("before", "after");
        // A call that is sent before the server's GOAWAY has arrived is served.
        Await.asserted("the server is unavailable", () -> assertThat(GrpcTestServer.failure(
                                () -> ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "x"))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE));
    }
}
