package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.context.RequestContext;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Limits and unknown methods, each with its own code. */
class CallLimitsTest {
    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void unknownMethodsAndServices() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            Status method = server.failure(Texts.method("Missing", MethodType.UNARY), "a")
                    .getStatus();
            Status service = server.failure(Texts.method("test.v1.Missing", "Unary", MethodType.UNARY), "a")
                    .getStatus();

            assertThat(method.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(method.getDescription()).isEqualTo("unknown method");
            assertThat(service.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(service.getDescription()).isEqualTo("unknown service");
            Await.until(
                    "both are counted under one path",
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
                            == 2);
        }
    }

    @Test
    void aMessageOverTheLimit() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.grpc.max_message_size", "10KiB")) {
            assertThat(server.unary("x".repeat(10 * 1024))).hasSize(10 * 1024);
            assertThat(server.codeOf("x".repeat(10 * 1024 + 1))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(server.unary("next")).isEqualTo("next");
            assertThat(server.metric("lynx_requests_rejected_total", "protocol", "grpc", "reason", "max_message_size"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aCompressedBomb() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.grpc.max_message_size", "100KiB")) {
            CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
            assertThat(server.unary("x".repeat(100 * 1024), gzip)).hasSize(100 * 1024);
            assertThat(GrpcTestServer.failure(() -> server.unary("x".repeat(40_000_000), gzip))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(server.unary("next")).isEqualTo("next");
        }
    }

    @Test
    void callsInFlight() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(2);
        TextService service = new TextService().answering(text -> {
            entered.countDown();
            await(released);
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service, "lynx.grpc.max_in_flight", "2")) {
            List<CompletableFuture<String>> held = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                held.add(CompletableFuture.supplyAsync(
                        () -> server.unary("held"), task -> Thread.ofPlatform().start(task)));
            }
            await(entered);

            assertThat(server.codeOf("third")).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            Await.until("health is served", () -> HealthServiceTest.check(server, "")
                    .equals("SERVING"));

            released.countDown();
            for (CompletableFuture<String> each : held) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo("held");
            }
            // A call is in flight until its service has returned, which may be after its answer.
            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
            assertThat(server.unary("fourth")).isEqualTo("fourth");
        }
    }

    @Test
    void longLivedCalls() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.http.max_long_lived", "1")) {
            CompletableFuture<Status> opened = new CompletableFuture<>();
            StreamObserver<String> first = ClientCalls.asyncBidiStreamingCall(
                    server.channel().newCall(Texts.BIDI, CallOptions.DEFAULT), new Ending(opened));
            first.onNext("open");
            assertThat(opened.get(20, TimeUnit.SECONDS)).as("it answers").isEqualTo(Status.OK);

            CompletableFuture<Status> second = new CompletableFuture<>();
            StreamObserver<String> _ = ClientCalls.asyncBidiStreamingCall(
                    server.channel().newCall(Texts.BIDI, CallOptions.DEFAULT), new Ending(second));

            assertThat(second.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(server.unary("a unary call")).isEqualTo("a unary call");
        }
    }

    /** Completes with OK at the first message. */
    private record Ending(CompletableFuture<Status> end) implements StreamObserver<String> {
        @Override
        public void onNext(String text) {
            boolean _ = end.complete(Status.OK);
        }

        @Override
        public void onError(Throwable failure) {
            boolean _ = end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            boolean _ = end.complete(Status.OK);
        }
    }

    @Test
    void theDeadlineOfTheClientIsThatOfTheContexts() throws Exception {
        CompletableFuture<Duration> ours = new CompletableFuture<>();
        CompletableFuture<Long> theirs = new CompletableFuture<>();
        TextService service = new TextService().answering(text -> {
            ours.complete(RequestContext.current().deadline().orElseThrow().remaining());
            io.grpc.Deadline deadline = Context.current().getDeadline();
            theirs.complete(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.SECONDS));
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.unary("a", CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.SECONDS)))
                    .isEqualTo("a");

            assertThat(ours.get()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(50));
            assertThat(theirs.get()).isBetween(20L, 50L);
        }
    }

    @Test
    void aCallThatExceedsItsTimeIsEndedByTheServer() throws Exception {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        CountDownLatch released = new CountDownLatch(1);
        TextService service = new TextService().answering(text -> {
            Context.current().addListener(context -> cancelled.complete(context.isCancelled()), Runnable::run);
            await(released);
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service, "lynx.grpc.request_timeout", "2s")) {
            assertThat(server.codeOf("slow")).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(cancelled.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.application.requestsInFlight())
                    .as("the service still runs")
                    .isEqualTo(1);

            released.countDown();

            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
            assertThat(server.metric("lynx_deadline_exceeded_total", "protocol", "grpc", "path", "test.v1.Texts/Unary"))
                    .isEqualTo(1);
        }
    }

    @Test
    void deadlinesOfAnySize() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.unary("a", CallOptions.DEFAULT.withDeadlineAfter(10_000, TimeUnit.DAYS)))
                    .isEqualTo("a");
            assertThat(GrpcTestServer.failure(
                                    () -> server.unary("a", CallOptions.DEFAULT.withDeadlineAfter(0, TimeUnit.SECONDS)))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }
}
