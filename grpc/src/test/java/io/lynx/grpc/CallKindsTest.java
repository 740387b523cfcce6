package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls of the four kinds, by grpc-java's own client. */
class CallKindsTest {
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
                            () -> ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "call " + i),
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
    void clientStreaming() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            ReceivedTexts answers = new ReceivedTexts();
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
                // Time for another callback to overlap, if one could.
                LockSupport.parkNanos(100_000);
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
            ReceivedTexts answers = new ReceivedTexts();
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
    void anAsynchronousServiceReceivedTextsLaterFromAnotherThread() throws Exception {
        TextService service = new TextService()
                .unary((text, answer) -> Thread.ofPlatform().start(() -> {
                    answer.onNext(text);
                    answer.onCompleted();
                }));
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.unary("later")).isEqualTo("later");
            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
        }
    }
}
