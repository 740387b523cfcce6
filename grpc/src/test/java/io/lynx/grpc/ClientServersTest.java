package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.testkit.Await;
import io.lynx.testkit.StablePort;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** A client and several servers: balancing, servers that end, and what is retried. */
class ClientServersTest {
    private static final CallOptions TWICE = CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true);

    private static GrpcTestServer named(String name) {
        return GrpcTestServer.of(new TextService().answering(_ -> name));
    }

    private static GrpcChannel channel(int... ports) {
        String[] addresses = new String[ports.length];
        for (int i = 0; i < ports.length; i++) {
            addresses[i] = "127.0.0.1:" + ports[i];
        }
        return GrpcChannel.builder("texts")
                .url("http://texts:80")
                .connectTimeout(Duration.ofSeconds(30))
                .addresses(addresses)
                .build();
    }

    private static String unary(GrpcChannel channel) {
        return unary(channel, CallOptions.DEFAULT);
    }

    private static String unary(GrpcChannel channel, CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel, Texts.UNARY, options, "x");
    }

    private static Status failure(GrpcChannel channel, CallOptions options) {
        return GrpcTestServer.failure(() -> unary(channel, options)).getStatus();
    }

    @Test
    void callsGoToEveryServer() throws Exception {
        try (GrpcTestServer one = named("one");
                GrpcTestServer two = named("two");
                GrpcChannel channel = channel(one.port(), two.port())) {
            Set<String> names = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 200 && names.size() < 2; i++) {
                names.add(unary(channel));
            }
            assertThat(names).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsLeftForAnother() throws Exception {
        try (GrpcTestServer one = named("one");
                GrpcChannel channel = channel(StablePort.find(), one.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(unary(channel)).isEqualTo("one");
            }
        }
    }

    @Test
    void withoutAServerACallFailsAtOnceOrWaitsIfItSaysSo() throws Exception {
        int port = StablePort.find();
        try (GrpcChannel channel = channel(port)) {
            Status failure = failure(channel, CallOptions.DEFAULT);
            assertThat(failure.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.getDescription()).contains("texts: test.v1.Texts/Unary");
            assertThat(failure(
                                    channel,
                                    CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(Duration.ofMillis(300)))
                            .getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

            var waiting = ClientCalls.futureUnaryCall(
                    channel.newCall(Texts.UNARY, CallOptions.DEFAULT.withWaitForReady()), "x");
            try (GrpcTestServer _ = GrpcTestServer.of(
                    GrpcServer.with(new TextService().answering(_ -> "late")),
                    _ -> {},
                    "lynx.http.port",
                    Integer.toString(port))) {
                assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("late");
            }
        }
    }

    /** Servers are shut down one after the other while calls are made: each call succeeds. */
    @Test
    void noCallFailsWhileServersShutDown() throws Exception {
        GrpcTestServer one = named("one");
        GrpcTestServer two = named("two");
        LongAdder calls = new LongAdder();
        ConcurrentHashMap<String, LongAdder> failures = new ConcurrentHashMap<>();
        AtomicBoolean isOver = new AtomicBoolean();
        try (one;
                two;
                GrpcTestServer three = named("three");
                GrpcChannel channel = channel(one.port(), two.port(), three.port());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                Future<?> _ = threads.submit(() -> {
                    while (!isOver.get()) {
                        try {
                            unary(channel);
                        } catch (StatusRuntimeException failed) {
                            failures.computeIfAbsent(failed.toString(), _ -> new LongAdder())
                                    .increment();
                        }
                        calls.increment();
                    }
                });
            }
            Await.until("calls are made", () -> calls.sum() > 500);
            one.stop();
            long then = calls.sum();
            Await.until("more calls are made", () -> calls.sum() > then + 500);
            two.stop();
            long last = calls.sum();
            Await.until("calls are made by the last server", () -> calls.sum() > last + 500);
            isOver.set(true);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void unavailableIsRetriedIfTheCallMayBeMadeTwice() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TextService service = new TextService().unary((text, answer) -> {
            if (calls.incrementAndGet() % 2 == 1) {
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                answer.onNext(text);
                answer.onCompleted();
            }
        });
        try (GrpcTestServer server = GrpcTestServer.of(service);
                GrpcChannel channel = channel(server.port())) {
            assertThat(unary(channel, TWICE)).isEqualTo("x");
            assertThat(calls).hasValue(2);

            assertThat(failure(channel, CallOptions.DEFAULT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(calls).hasValue(3);
        }
    }

    /** Answers the first call with the failure. */
    private static TextService failingFirst(AtomicInteger calls, StatusRuntimeException failure) {
        return new TextService().answering(text -> {
            if (calls.incrementAndGet() == 1) {
                throw failure;
            }
            return text;
        });
    }

    @Test
    void aServerSaysWhenACallIsMadeAgain() throws Exception {
        Duration pause = Duration.ofMillis(400);
        for (StatusRuntimeException failure :
                List.of(GrpcErrors.unavailable("later", pause), GrpcErrors.exhausted("too many", pause))) {
            AtomicInteger calls = new AtomicInteger();
            try (GrpcTestServer server = GrpcTestServer.of(failingFirst(calls, failure));
                    GrpcChannel channel = channel(server.port())) {
                long began = System.nanoTime();

                assertThat(unary(channel, TWICE)).isEqualTo("x");

                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(pause);
                assertThat(calls).hasValue(2);
            }
        }
    }

    @Test
    void aPauseBeyondTheDeadlineOfTheCallEndsItAtOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TextService service = failingFirst(calls, GrpcErrors.unavailable("later", Duration.ofSeconds(50)));
        try (GrpcTestServer server = GrpcTestServer.of(service);
                GrpcChannel channel = GrpcChannel.builder("texts")
                        .url("http://127.0.0.1:" + server.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .policies(policies -> policies.withRetryDelays(Duration.ofMillis(100), Duration.ofMinutes(1)))
                        .build()) {
            Status status = failure(channel, TWICE.withDeadlineAfter(Duration.ofSeconds(40)));

            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void otherStatusesAreNotRetried() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TextService service = new TextService().unary((_, answer) -> {
            calls.incrementAndGet();
            answer.onError(Status.INTERNAL.asRuntimeException());
        });
        try (GrpcTestServer server = GrpcTestServer.of(service);
                GrpcChannel channel = channel(server.port())) {
            assertThat(failure(channel, TWICE).getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void theBreakerOpensAfterFailuresAndRejects() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TextService service = new TextService().unary((_, answer) -> {
            calls.incrementAndGet();
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
        });
        try (GrpcTestServer server = GrpcTestServer.of(service);
                GrpcChannel channel = channel(server.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(failure(channel, CallOptions.DEFAULT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            }
            Status rejected = failure(channel, CallOptions.DEFAULT);

            assertThat(rejected.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(rejected.getDescription()).contains("circuit breaker client.texts");
            assertThat(calls).hasValue(5);
        }
    }

    @Test
    void theBulkheadAndTheRateLimitReject() throws Exception {
        TextService service = new TextService().unary((_, _) -> {});
        try (GrpcTestServer server = GrpcTestServer.of(service);
                GrpcChannel few = GrpcChannel.builder("texts")
                        .url("http://127.0.0.1:" + server.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .policies(policies -> policies.withMaxCalls(1, Duration.ZERO))
                        .build();
                GrpcChannel slow = GrpcChannel.builder("texts")
                        .url("http://127.0.0.1:" + server.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .policies(policies -> policies.withRateLimit(1, Duration.ofHours(1), Duration.ZERO))
                        .build()) {
            ReceivedTexts first = new ReceivedTexts();
            var call = few.newCall(Texts.UNARY, CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(call, "x", first);
            Await.until("the call is in flight", () -> server.application.requestsInFlight() == 1);
            assertThat(failure(few, CallOptions.DEFAULT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            call.cancel("enough", null);
            assertThat(first.end().getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(failure(few, CallOptions.DEFAULT.withDeadlineAfter(Duration.ofMillis(200)))
                            .getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);

            assertThat(failure(slow, CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(2)))
                            .getCode())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(failure(slow, CallOptions.DEFAULT).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
    }
}
