package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.app.Application;
import io.lynx.app.ApplicationState;
import io.lynx.app.ShutdownReport;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls while the server shuts down or a plugin is restarted, and the ports that it serves. */
class ServerLifeTest {
    private static StreamObserver<String> bidi(Channel channel, ReceivedTexts answers) {
        return ClientCalls.asyncBidiStreamingCall(channel.newCall(Texts.BIDI, CallOptions.DEFAULT), answers);
    }

    private static CompletableFuture<ShutdownReport> stopping(GrpcTestServer server) {
        CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                report.complete(server.application.stop());
            } catch (Throwable failure) {
                report.completeExceptionally(failure);
            }
        });
        return report;
    }

    @Test
    void aDrainWaitsForUnaryCalls() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        TextService service = new TextService().answering(text -> {
            entered.countDown();
            try {
                assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                    () -> server.unary("slow"), task -> Thread.ofPlatform().start(task));
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<ShutdownReport> report = stopping(server);
            Await.until("the shutdown has begun", () -> server.application.state() != ApplicationState.READY);

            released.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("slow");
            assertThat(report.get(30, TimeUnit.SECONDS).isClean()).isTrue();
        }
    }

    @Test
    void streamsAreNotifiedAndMayEndByThemselves() throws Exception {
        TextService service = new TextService().bidi(answer -> {
            StreamingCall.onDrain(_ -> {
                answer.onNext("goodbye");
                answer.onCompleted();
            });
            return new TextService.Echo(answer);
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            ReceivedTexts answers = new ReceivedTexts();
            bidi(server.channel(), answers).onNext("hello");
            Await.until("it is open", () -> answers.all.contains("hello"));

            ShutdownReport report = stopping(server).get(30, TimeUnit.SECONDS);

            assertThat(answers.end.get(20, TimeUnit.SECONDS)).isEqualTo(Status.OK);
            assertThat(answers.all).containsExactly("hello", "goodbye");
            assertThat(report.isClean()).isTrue();
        }
    }

    @Test
    void aStreamThatStaysEndsWithUnavailableInItsShare() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.shutdown.timeout", "6s")) {
            ReceivedTexts answers = new ReceivedTexts();
            bidi(server.channel(), answers).onNext("hello");
            Await.until("it is open", () -> answers.all.contains("hello"));

            ShutdownReport report = stopping(server).get(30, TimeUnit.SECONDS);

            assertThat(answers.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(report.isClean()).isTrue();
        }
    }

    /** Serves by an instance that cannot be used once it has been stopped. */
    private static final class Orders implements Plugin {
        private @Nullable AtomicBoolean open;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").uses("grpc").build();
        }

        @Override
        public void start(PluginContext context) {
            AtomicBoolean instance = new AtomicBoolean(true);
            open = instance;
            context.resource(GrpcServer.SERVICES).add(context, new TextService().answering(text -> {
                        if (!instance.get()) {
                            throw new IllegalStateException("pool has been closed");
                        }
                        return text;
                    }));
        }

        @Override
        public void stop(Deadline deadline) {
            AtomicBoolean instance = open;
            if (instance != null) {
                instance.set(false);
            }
        }
    }

    @Test
    void noCallReachesAnInstanceThatHasBeenStopped() throws Exception {
        Map<Status.Code, AtomicInteger> codes = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        try (GrpcTestServer server = GrpcTestServer.of(new GrpcServer(), builder -> builder.plugin(new Orders()))) {
            Channel channel = server.channel();
            List<Thread> clients = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(Thread.ofPlatform().start(() -> {
                    while (!done.get()) {
                        codes.computeIfAbsent(codeOf(channel), _ -> new AtomicInteger())
                                .incrementAndGet();
                    }
                }));
            }
            Await.until("calls succeed", () -> codes.containsKey(Status.Code.OK));

            for (int i = 0; i < 50; i++) {
                server.application.restart("orders");
            }
            done.set(true);
            for (Thread client : clients) {
                client.join();
            }

            assertThat(codes.keySet()).as("%s", codes).isSubsetOf(Status.Code.OK, Status.Code.UNAVAILABLE);
        }
    }

    private static Status.Code codeOf(Channel channel) {
        try {
            String _ = ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "a");
            return Status.Code.OK;
        } catch (StatusRuntimeException failure) {
            return failure.getStatus().getCode();
        }
    }

    @Test
    void streamsOfAPluginThatRestartsEnd() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(
                new GrpcServer(),
                builder -> builder.plugin(new Orders()),
                "lynx.shutdown.plugin_timeouts.orders",
                "2s")) {
            ReceivedTexts answers = new ReceivedTexts();
            bidi(server.channel(), answers).onNext("hello");
            Await.until("it is open", () -> answers.all.contains("hello"));

            server.application.restart("orders");

            assertThat(answers.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(server.unary("again")).isEqualTo("again");
        }
    }

    @Test
    void theServerItselfMayRestart() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService())) {
            assertThat(server.unary("before")).isEqualTo("before");

            server.application.restart("grpc");

            assertThat(server.unary("after")).isEqualTo("after");
        }
    }

    @Test
    void aPortOfItsOwn() throws Exception {
        try (GrpcTestServer server = GrpcTestServer.of(new TextService(), "lynx.grpc.port", "0")) {
            assertThat(server.unary("own")).isEqualTo("own");
            assertThat(server.application.urls()).hasSize(2);
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> other = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(other.statusCode()).isEqualTo(415);
            }
        }
    }

    @Test
    void theSectionOfTheConfigurationStartsTheServer() {
        try (Application application = Application.builder()
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.grpc.reflection", "true")
                .build()) {
            application.start();

            assertThat(application.plugins()).anyMatch(plugin -> plugin.id().equals(GrpcServer.ID));
        }
    }

    @Test
    void aServiceThatIsAddedTwiceIsRefused() throws Exception {
        GrpcServer server = GrpcServer.with(new TextService(), new TextService());
        assertThat(catchThrowable(() -> GrpcTestServer.of(server, _ -> {})))
                .hasStackTraceContaining("the service 'test.v1.Texts' is added twice");
    }
}
