package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lynx.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls of the four kinds, by grpc-java's own client. */
class CallKindsTest {
    /** Collects answers. */
    private static final class Answers implements StreamObserver<String> {
        final List<String> all = new CopyOnWriteArrayList<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(String text) {
            all.add(text);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        Status end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void unary() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.unary("hello")).isEqualTo("hello");
            assertThat(server.unary("")).isEmpty();
        }
    }

    @Test
    void unaryCallsRunOnVirtualThreadsAndMayBlock() throws Exception {
        CountDownLatch together = new CountDownLatch(20);
        AtomicBoolean isVirtual = new AtomicBoolean();
        TextService service = new TextService().answering(text -> {
            isVirtual.set(Thread.currentThread().isVirtual());
            together.countDown();
            try {
                assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            Channel channel = server.channel();
            List<CompletableFuture<String>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> ClientCalls.blockingUnaryCall(
                                    channel, Texts.UNARY, CallOptions.DEFAULT, "call " + i),
                            task -> Thread.ofPlatform().start(task)))
                    .toList();

            for (int i = 0; i < 20; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("call " + i);
            }
            assertThat(isVirtual).isTrue();
        }
    }

    @Test
    void largeMessagesOfEachSize() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.grpc.max_message_size", "8MiB")) {
            for (int size : new int[] {1, 4091, 16_379, 65_530, 65_536, 100_000, 3_000_000}) {
                String text = "x".repeat(size);
                assertThat(server.unary(text)).isEqualTo(text);
            }
        }
    }

    @Test
    void serverStreaming() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.stream("a b c")).containsExactly("a", "b", "c");
        }
    }

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
    void clientStreaming() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            Answers answers = new Answers();
            StreamObserver<String> parts = ClientCalls.asyncClientStreamingCall(
                    server.channel().newCall(Texts.CLIENT, CallOptions.DEFAULT), answers);
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                parts.onNext(i + " ");
                expected.append(i).append(' ');
            }
            parts.onCompleted();

            assertThat(answers.end()).isEqualTo(Status.OK);
            assertThat(answers.all).containsExactly(expected.toString());
        }
    }

    @Test
    void theCallbacksOfACallComeInOrderAndOneAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        List<String> log = new CopyOnWriteArrayList<>();
        TextService service = new TextService().bidi(answer -> new StreamObserver<>() {
            @Override
            public void onNext(String part) {
                enter();
                log.add(part);
                answer.onNext(part);
                inside.decrementAndGet();
            }

            private void enter() {
                if (inside.incrementAndGet() > 1) {
                    overlapped.set(true);
                }
                Thread.yield();
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                enter();
                log.add("end");
                answer.onCompleted();
                inside.decrementAndGet();
            }
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            Answers answers = new Answers();
            StreamObserver<String> parts = ClientCalls.asyncBidiStreamingCall(
                    server.channel().newCall(Texts.BIDI, CallOptions.DEFAULT), answers);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                parts.onNext(Integer.toString(i));
                expected.add(Integer.toString(i));
            }
            parts.onCompleted();

            assertThat(answers.end()).isEqualTo(Status.OK);
            assertThat(answers.all).isEqualTo(expected);
            expected.add("end");
            assertThat(log).isEqualTo(expected);
            assertThat(overlapped).isFalse();
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
            Answers answers = new Answers();
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
    void anAsynchronousServiceAnswersLaterFromAnotherThread() throws Exception {
        TextService service = new TextService().unary((text, answer) -> Thread.ofPlatform().start(() -> {
            answer.onNext(text);
            answer.onCompleted();
        }));
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.unary("later")).isEqualTo("later");
            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
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
            ClientCalls.asyncServerStreamingCall(call, "", new Answers());
            started.get(20, TimeUnit.SECONDS);

            call.cancel("enough", null);

            cancelled.get(20, TimeUnit.SECONDS);
            Await.until("it is counted", () -> server.metric(
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
            Answers answers = new Answers();
            ClientCalls.asyncServerStreamingCall(call, "", answers);
            Await.until("messages arrive", () -> answers.all.size() > 10);

            call.cancel("enough", null);

            assertThat(Status.fromThrowable(thrown.get(20, TimeUnit.SECONDS)).getCode())
                    .isEqualTo(Status.Code.CANCELLED);
            Await.until(
                    "no stream is left",
                    () -> server.application.requestsInFlight() == 0);
        }
    }
}
