package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lynx.testkit.Await;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flow control in both directions, and calls that their clients cancel. */
class CallFlowTest {
    @Test
    void aBlockingProducerWaitsForASlowClient() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        String piece = "x".repeat(10_000);
        TextService service = new TextService().server((_, answer) -> {
            for (int i = 0; i < 2000; i++) {
                answer.onNext(piece);
                sent.incrementAndGet();
            }
            answer.onCompleted();
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            ClientCall<String, String> call = server.channel().newCall(Texts.SERVER, CallOptions.DEFAULT);
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
            call.sendMessage("");
            call.halfClose();
            call.request(1);
            Await.until("the first message arrives", () -> received.get() == 1);
            Await.until("the producer waits", () -> isSteady(sent));
            assertThat(sent.get()).isLessThan(500);

            call.request(Integer.MAX_VALUE);

            assertThat(end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
            assertThat(received).hasValue(2000);
        }
    }

    private static boolean isSteady(AtomicInteger count) throws InterruptedException {
        int before = count.get();
        boolean _ = new Semaphore(0).tryAcquire(200, TimeUnit.MILLISECONDS);
        return before > 0 && count.get() == before;
    }

    @Test
    void aProducerThatWatchesIsReadySendsEverything() throws Exception {
        String piece = "x".repeat(10_000);
        AtomicInteger left = new AtomicInteger(500);
        AtomicInteger pauses = new AtomicInteger();
        TextService service = new TextService().server((_, answer) -> {
            ServerCallStreamObserver<String> observer = (ServerCallStreamObserver<String>) answer;
            observer.setOnReadyHandler(() -> {
                while (observer.isReady() && left.get() > 0) {
                    observer.onNext(piece);
                    if (left.decrementAndGet() == 0) {
                        observer.onCompleted();
                    }
                }
                pauses.incrementAndGet();
            });
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.stream("")).hasSize(500);
            assertThat(pauses.get()).isGreaterThan(1);
        }
    }

    @Test
    void aServiceThatDoesNotAskForMessagesReceivesNone() throws Exception {
        AtomicInteger received = new AtomicInteger();
        CompletableFuture<ServerCallStreamObserver<String>> observer = new CompletableFuture<>();
        TextService service = new TextService().client(answer -> {
            ServerCallStreamObserver<String> call = (ServerCallStreamObserver<String>) answer;
            call.disableAutoRequest();
            observer.complete(call);
            return new StreamObserver<>() {
                @Override
                public void onNext(String part) {
                    received.incrementAndGet();
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    answer.onNext("done");
                    answer.onCompleted();
                }
            };
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            ReceivedTexts answers = new ReceivedTexts();
            StreamObserver<String> parts = ClientCalls.asyncClientStreamingCall(
                    server.channel().newCall(Texts.CLIENT, CallOptions.DEFAULT), answers);
            String piece = "x".repeat(10_000);
            for (int i = 0; i < 100; i++) {
                parts.onNext(piece);
            }
            parts.onCompleted();
            ServerCallStreamObserver<String> call = observer.get(20, TimeUnit.SECONDS);
            call.request(3);
            Await.until("three messages arrive", () -> received.get() == 3);
            assertThat(received).hasValue(3);

            call.request(1000);

            assertThat(answers.end()).isEqualTo(Status.OK);
            assertThat(received).hasValue(100);
        }
    }

    @Test
    void cancellationReachesTheService() throws Exception {
        CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
        TextService service = new TextService().server((_, answer) -> {
            ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(() -> cancelled.complete(null));
            answer.onNext("first");
            started.complete(null);
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            ClientCall<String, String> call = server.channel().newCall(Texts.SERVER, CallOptions.DEFAULT);
            ClientCalls.asyncServerStreamingCall(call, "", new ReceivedTexts());
            started.get(20, TimeUnit.SECONDS);

            call.cancel("enough", null);

            cancelled.get(20, TimeUnit.SECONDS);
            Await.until(
                    "it is counted",
                    () -> server.metric(
                                    "lynx_requests_total",
                                    "method",
                                    "POST",
                                    "path",
                                    "test.v1.Texts/Server",
                                    "status_code",
                                    "CANCELLED",
                                    "protocol",
                                    "grpc")
                            == 1);
        }
    }

    @Test
    void aProducerInALoopEndsWhenItsClientCancels() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        TextService service = new TextService().server((_, answer) -> {
            try {
                while (true) {
                    answer.onNext("x".repeat(1000));
                }
            } catch (StatusRuntimeException over) {
                thrown.complete(over);
                throw over;
            }
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            ClientCall<String, String> call = server.channel().newCall(Texts.SERVER, CallOptions.DEFAULT);
            ReceivedTexts answers = new ReceivedTexts();
            ClientCalls.asyncServerStreamingCall(call, "", answers);
            Await.until("messages arrive", () -> answers.all.size() > 10);

            call.cancel("enough", null);

            assertThat(Status.fromThrowable(thrown.get(20, TimeUnit.SECONDS)).getCode())
                    .isEqualTo(Status.Code.CANCELLED);
            Await.until("no stream is left", () -> server.application.requestsInFlight() == 0);
        }
    }
}
