package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lynx.app.Application;
import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.grpc.client.GrpcClientPlugin;
import io.lynx.http.client.ClientConfig;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client as a plugin of an application: its configuration, its metrics, the context of requests, its shutdown. */
class ClientPluginTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    /** Calls the service of another application in its own. */
    private static final class Gateway implements Plugin {
        private final GrpcClientPlugin client = new GrpcClientPlugin("texts");

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("gateway")
                    .requires("grpc")
                    .requires(GrpcClientPlugin.id("texts"))
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(client);
        }

        @Override
        public void start(PluginContext context) {
            GrpcChannel texts = context.resource(GrpcClientPlugin.key("texts"));
            TextService service = new TextService()
                    .answering(text -> ClientCalls.blockingUnaryCall(
                            texts, Texts.UNARY, CallOptions.DEFAULT, text + " through the gateway"));
            context.resource(GrpcServer.SERVICES).add(context, service);
        }
    }

    private static GrpcTestServer gateway(Gateway gateway, GrpcTestServer behind) {
        return GrpcTestServer.of(
                new GrpcServer(),
                builder -> builder.plugin(gateway),
                "lynx.clients.texts.url",
                "http://127.0.0.1:" + behind.port(),
                "lynx.clients.texts.connect_timeout",
                "30s");
    }

    @Test
    void isConfiguredByItsNameAndMeasured() throws Exception {
        try (GrpcTestServer behind = GrpcTestServer.of(new TextService());
                GrpcTestServer front = gateway(new Gateway(), behind)) {
            assertThat(front.unary("a")).isEqualTo("a through the gateway");
            assertThat(front.unary("b")).isEqualTo("b through the gateway");

            assertThat(front.metric(
                            "lynx_client_requests_total",
                            "client",
                            "texts",
                            "method",
                            "POST",
                            "path",
                            "test.v1.Texts/Unary",
                            "status_code",
                            "OK",
                            "protocol",
                            "grpc"))
                    .isEqualTo(2);
            assertThat(front.metric("lynx_client_servers", "client", "texts", "state", "available", "protocol", "grpc"))
                    .isEqualTo(1);
            Await.until(
                    "the call has ended",
                    () -> front.metric(
                                    "lynx_client_connections", "client", "texts", "state", "idle", "protocol", "grpc")
                            == 1);
            assertThat(front.application.breakers().find("client.texts")).isPresent();
        }
    }

    @Test
    void callsCarryTheContextAndTheDeadlineOfTheRequest() throws Exception {
        TextService service = new TextService().answering(_ -> {
            RequestContext context = RequestContext.current();
            long left = context.deadline().orElseThrow().remaining().toMillis();
            return context.requestId() + " "
                    + context.trace().map(TraceContext::traceId).orElse("") + " " + context.baggage() + " "
                    + (left > 0 && left <= 20_000);
        });
        Metadata metadata = GrpcTestServer.metadata("x-request-id", "r-7");
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + TRACE + "-b7ad6b7169203331-01");
        metadata.put(Metadata.Key.of("baggage", Metadata.ASCII_STRING_MARSHALLER), "tenant=acme");
        try (GrpcTestServer behind = GrpcTestServer.of(service);
                GrpcTestServer front = gateway(new Gateway(), behind)) {
            var intercepted =
                    ClientInterceptors.intercept(front.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata));
            assertThat(ClientCalls.blockingUnaryCall(
                            intercepted, Texts.UNARY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), "a"))
                    .isEqualTo("r-7 " + TRACE + " {tenant=acme} true");
        }
    }

    @Test
    void theEndOfTheRequestEndsItsCalls() throws Exception {
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        TextService service = new TextService().unary((_, answer) -> ((ServerCallStreamObserver<String>) answer)
                .setOnCancelHandler(() -> cancelled.complete("cancelled")));
        try (GrpcTestServer behind = GrpcTestServer.of(service);
                GrpcTestServer front = gateway(new Gateway(), behind)) {
            ReceivedTexts answers = new ReceivedTexts();
            var call = front.channel().newCall(Texts.UNARY, CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(call, "x", answers);
            Await.until("the call is behind", () -> behind.application.requestsInFlight() == 1);

            call.cancel("not needed any more", null);

            assertThat(cancelled.get(30, TimeUnit.SECONDS)).isEqualTo("cancelled");
        }
    }

    @Test
    void theShutdownWaitsForCallsInFlight() throws Exception {
        CompletableFuture<StreamObserver<String>> held = new CompletableFuture<>();
        TextService service = new TextService().unary((_, answer) -> held.complete(answer));
        GrpcClientPlugin client = new GrpcClientPlugin("texts");
        try (GrpcTestServer behind = GrpcTestServer.of(service)) {
            Application application = Application.builder()
                    .discoverPlugins(false)
                    .set("lynx.application.name", "shop")
                    .set("lynx.application.version", "1.0.0")
                    .set("lynx.clients.texts.url", "http://127.0.0.1:" + behind.port())
                    .set("lynx.clients.texts.connect_timeout", "30s")
                    .plugin(client)
                    .build();
            application.start();
            ReceivedTexts answers = new ReceivedTexts();
            ClientCalls.asyncUnaryCall(client.channel().newCall(Texts.UNARY, CallOptions.DEFAULT), "x", answers);
            var answer = held.get(30, TimeUnit.SECONDS);
            Thread stop = Thread.ofPlatform().start(application::close);
            Await.until("new calls are refused", () -> isRefused(client.channel()));

            answer.onNext("in time");
            answer.onCompleted();

            assertThat(answers.end()).isEqualTo(Status.OK);
            assertThat(answers.all).containsExactly("in time");
            stop.join();
        }
    }

    @Test
    void theShutdownWaitsUntilTheEndOfACallIsReported() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ReceivedTexts answers = new ReceivedTexts() {
            @Override
            public void onNext(String text) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException cutOff) {
                    throw new IllegalStateException("cut off", cutOff);
                }
                super.onNext(text);
            }
        };
        GrpcClientPlugin client = new GrpcClientPlugin("texts");
        try (GrpcTestServer behind = GrpcTestServer.of(new TextService())) {
            Application application = Application.builder()
                    .discoverPlugins(false)
                    .set("lynx.application.name", "shop")
                    .set("lynx.application.version", "1.0.0")
                    .set("lynx.clients.texts.url", "http://127.0.0.1:" + behind.port())
                    .set("lynx.clients.texts.connect_timeout", "30s")
                    .plugin(client)
                    .build();
            application.start();
            ClientCalls.asyncUnaryCall(client.channel().newCall(Texts.UNARY, CallOptions.DEFAULT), "x", answers);
            reached.await();
            Await.until("the server has answered", () -> behind.application.requestsInFlight() == 0);
            Thread stop = Thread.ofPlatform().start(application::close);
            Await.until("new calls are refused", () -> isRefused(client.channel()));

            goOn.countDown();

            assertThat(answers.end()).isEqualTo(Status.OK);
            stop.join();
        }
    }

    private static boolean isRefused(GrpcChannel channel) {
        // Of another method, which the server answers at once.
        return String.valueOf(GrpcTestServer.failure(() -> ClientCalls.blockingUnaryCall(
                                channel, Texts.method("Missing", Texts.UNARY.getType()), CallOptions.DEFAULT, "y"))
                        .getStatus()
                        .getDescription())
                .contains("closed");
    }

    @Test
    void streamsHaveHalfOfTheTimeOfAShutdown() throws Exception {
        TextService service = new TextService().server((_, answer) -> answer.onNext("first"));
        GrpcClientPlugin client = new GrpcClientPlugin("texts");
        try (GrpcTestServer behind = GrpcTestServer.of(service)) {
            Application application = Application.builder()
                    .discoverPlugins(false)
                    .set("lynx.application.name", "shop")
                    .set("lynx.application.version", "1.0.0")
                    .set("lynx.clients.texts.url", "http://127.0.0.1:" + behind.port())
                    .set("lynx.clients.texts.connect_timeout", "30s")
                    .set("lynx.shutdown.timeout", "6s")
                    .plugin(client)
                    .build();
            application.start();
            ReceivedTexts answers = new ReceivedTexts();
            ClientCalls.asyncServerStreamingCall(
                    client.channel().newCall(Texts.SERVER, CallOptions.DEFAULT), "x", answers);
            Await.until("the stream has begun", () -> answers.all.size() == 1);

            application.close();

            assertThat(answers.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void credentialsAreAskedForEachCall() throws Exception {
        TextService service =
                new TextService().answering(_ -> RequestContext.current().requestId());
        CallCredentials credentials = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                executor.execute(() -> applier.apply(GrpcTestServer.metadata(
                        "x-request-id",
                        Objects.requireNonNull(call.getMethodDescriptor().getBareMethodName()))));
            }
        };
        CallCredentials none = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                applier.fail(Status.UNAUTHENTICATED.withDescription("no token"));
            }
        };
        try (GrpcTestServer behind = GrpcTestServer.of(service);
                GrpcChannel channel = GrpcChannel.builder("texts")
                        .url("http://127.0.0.1:" + behind.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .credentials(credentials)
                        .build()) {
            assertThat(ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "x"))
                    .isEqualTo("Unary");
            assertThat(GrpcTestServer.failure(() -> ClientCalls.blockingUnaryCall(
                                    channel, Texts.UNARY, CallOptions.DEFAULT.withCallCredentials(none), "x"))
                            .getStatus()
                            .getDescription())
                    .isEqualTo("no token");
        }
    }

    @Test
    void theRestartOfTheClientGivesANewChannel() throws Exception {
        Gateway gateway = new Gateway();
        try (GrpcTestServer behind = GrpcTestServer.of(new TextService());
                GrpcTestServer front = gateway(gateway, behind)) {
            assertThat(front.unary("a")).isEqualTo("a through the gateway");
            GrpcChannel before = gateway.client.channel();

            front.application.restart(GrpcClientPlugin.id("texts"));

            assertThat(front.unary("b")).isEqualTo("b through the gateway");
            assertThat(gateway.client.channel()).isNotEqualTo(before);
        }
    }

    @Test
    void callsOverTlsTrustTheAuthorityThatIsConfigured(@TempDir Path directory) throws Exception {
        LoopbackCertificate certificate = LoopbackCertificate.make(directory);
        String file = certificate.certificate().toString();
        CallCredentials secret = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                applier.apply(GrpcTestServer.metadata(
                        "x-request-id", call.getSecurityLevel().name()));
            }
        };
        TextService service =
                new TextService().answering(_ -> RequestContext.current().requestId());
        try (GrpcTestServer server = GrpcTestServer.of(
                        GrpcServer.with(service),
                        _ -> {},
                        "lynx.http.tls.certificate",
                        file,
                        "lynx.http.tls.key",
                        certificate.key().toString());
                GrpcChannel trusting = GrpcChannel.builder("texts")
                        .url("https://localhost:" + server.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .tls(new ClientConfig.Tls(Optional.of(file), Optional.empty(), Optional.empty()))
                        .credentials(secret)
                        .build();
                GrpcChannel other = GrpcChannel.builder("texts")
                        .url("https://localhost:" + server.port())
                        .connectTimeout(Duration.ofSeconds(30))
                        .build()) {
            assertThat(ClientCalls.blockingUnaryCall(trusting, Texts.UNARY, CallOptions.DEFAULT, "x"))
                    .isEqualTo("PRIVACY_AND_INTEGRITY");
            Status refused = GrpcTestServer.failure(
                            () -> ClientCalls.blockingUnaryCall(other, Texts.UNARY, CallOptions.DEFAULT, "x"))
                    .getStatus();
            assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused.getDescription()).contains("texts: test.v1.Texts/Unary");
        }
    }

    @Test
    void whatACallbackThrowsIsAnErrorOfThePluginOfTheClient() throws Exception {
        GrpcClientPlugin client = new GrpcClientPlugin("texts");
        try (GrpcTestServer behind = GrpcTestServer.of(new TextService());
                Application application = Application.builder()
                        .discoverPlugins(false)
                        .set("lynx.application.name", "shop")
                        .set("lynx.application.version", "1.0.0")
                        .set("lynx.clients.texts.url", "http://127.0.0.1:" + behind.port())
                        .set("lynx.clients.texts.connect_timeout", "30s")
                        .plugin(client)
                        .build()) {
            application.start();
            ReceivedTexts answers = new ReceivedTexts();
            ClientCalls.asyncUnaryCall(
                    client.channel().newCall(Texts.UNARY, CallOptions.DEFAULT), "x", new StreamObserver<String>() {
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
            Await.until("the error is recorded", () -> application.recovery().errorStats().recentErrors().stream()
                    .anyMatch(error -> error.component().equals("client.texts")));
        }
    }

    @Test
    void whatIsNotOfGrpcIsRefused() {
        assertThatThrownBy(() -> GrpcChannel.builder("texts").build())
                .hasMessageContaining("lynx.clients.texts.url: missing");
        assertThatThrownBy(() ->
                        GrpcChannel.builder("texts").url("http://texts/api").build())
                .hasMessageContaining("url has a path");
        assertThatThrownBy(() -> GrpcChannel.builder("texts")
                        .url("http://texts")
                        .policies(policies -> policies.withHedgeAfter(Duration.ofSeconds(1)))
                        .build())
                .hasMessageContaining("hedge_after");
        assertThatThrownBy(() -> GrpcChannel.builder("texts")
                        .url("http://texts")
                        .header("grpc-timeout", "1S")
                        .build())
                .hasMessageContaining("header grpc-timeout");
    }
}
