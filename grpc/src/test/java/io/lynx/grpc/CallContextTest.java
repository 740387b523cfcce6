package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.lynx.context.RequestContext;
import io.lynx.context.TraceContext;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.security.Authenticator;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import io.lynx.testkit.Await;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The context of a call, its interceptors and its caller. */
class CallContextTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final Context.Key<String> TENANT = Context.key("tenant");

    private static Channel with(Channel channel, Metadata metadata) {
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static String unary(Channel channel) {
        return ClientCalls.blockingUnaryCall(channel, Texts.UNARY, CallOptions.DEFAULT, "a");
    }

    @Test
    void carriesIdTraceAndBaggage() throws Exception {
        TextService service = new TextService().answering(_ -> {
            RequestContext context = RequestContext.current();
            return context.requestId() + " "
                    + context.trace().map(TraceContext::traceId).orElse("") + " " + context.baggage();
        });
        Metadata metadata = GrpcTestServer.metadata("x-request-id", "r-7");
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + TRACE + "-b7ad6b7169203331-01");
        metadata.put(Metadata.Key.of("baggage", Metadata.ASCII_STRING_MARSHALLER), "tenant=acme");
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(unary(with(server.channel(), metadata))).isEqualTo("r-7 " + TRACE + " {tenant=acme}");
        }
    }

    @Test
    void isBoundAnewForEachCallback() throws Exception {
        List<String> ids = new CopyOnWriteArrayList<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        TextService service = new TextService().bidi(answer -> {
            ids.add(RequestContext.current().requestId());
            return new StreamObserver<>() {
                @Override
                public void onNext(String text) {
                    ids.add(RequestContext.current().requestId());
                    answer.onNext(text);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    ids.add(RequestContext.current().requestId());
                    answer.onCompleted();
                }
            };
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            Channel channel = with(server.channel(), GrpcTestServer.metadata("x-request-id", "r-8"));
            CompletableFuture<String> first = new CompletableFuture<>();
            StreamObserver<String> parts = ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(Texts.BIDI, CallOptions.DEFAULT), new StreamObserver<>() {
                        @Override
                        public void onNext(String text) {
                            first.complete(text);
                        }

                        @Override
                        public void onError(Throwable failure) {
                            end.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {
                            end.complete("");
                        }
                    });
            parts.onNext("a");
            first.get(20, TimeUnit.SECONDS);
            parts.onCompleted();
            end.get(20, TimeUnit.SECONDS);

            assertThat(ids).containsExactly("r-8", "r-8", "r-8");
        }
    }

    /** An interceptor as others write them: it puts a value into gRPC's context. */
    private static final class Tenants implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            assertThat(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                    .isInstanceOfSatisfying(InetSocketAddress.class, address -> assertThat(
                                    address.getAddress().isLoopbackAddress())
                            .isTrue());
            String tenant = headers.get(Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER));
            if (tenant == null) {
                call.close(Status.FAILED_PRECONDITION.withDescription("x-tenant is missing"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return Contexts.interceptCall(Context.current().withValue(TENANT, tenant), call, headers, next);
        }
    }

    @Test
    void interceptorsOfOthersWork() throws Exception {
        GrpcServer server = GrpcServer.builder()
                .services(new TextService().answering(_ -> TENANT.get()))
                .interceptors(all -> all.add(new Tenants()))
                .build();
        try (GrpcTestServer running = GrpcTestServer.of(server, _ -> {})) {
            assertThat(unary(with(running.channel(), GrpcTestServer.metadata("x-tenant", "acme"))))
                    .isEqualTo("acme");
            assertThat(running.codeOf("a")).isEqualTo(Status.Code.FAILED_PRECONDITION);
        }
    }

    private static ServerInterceptor logging(String name, List<String> log) {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                if (call.getMethodDescriptor().getFullMethodName().startsWith(Texts.SERVICE)) {
                    log.add(name);
                }
                return next.startCall(call, headers);
            }
        };
    }

    @Test
    void namedInterceptorsHaveTheOrderOfHttp() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        GrpcServer server = GrpcServer.builder()
                .services(new TextService())
                .interceptors(all -> all.add(logging("first", log))
                        .add(CallInterceptors.CONCURRENCY_LIMIT, logging("concurrency", log))
                        .add(logging("second", log))
                        .add(CallInterceptors.RATE_LIMIT, logging("rate", log))
                        .add("custom", logging("replaced", log))
                        .add("custom", logging("custom", log))
                        .add("removed", logging("removed", log))
                        .remove("removed"))
                .build();
        try (GrpcTestServer running = GrpcTestServer.of(server, _ -> {})) {
            assertThat(running.unary("a")).isEqualTo("a");

            assertThat(log).containsExactly("rate", "concurrency", "first", "second", "custom");
        }
    }

    @Test
    void anInterceptorThatThrowsFailsItsCallAlone() throws Exception {
        GrpcServer server = GrpcServer.builder()
                .services(new TextService())
                .interceptors(all -> all.add(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                        if (headers.containsKey(Metadata.Key.of("x-fail", Metadata.ASCII_STRING_MARSHALLER))) {
                            throw new IllegalStateException("broken");
                        }
                        return next.startCall(call, headers);
                    }
                }))
                .build();
        try (GrpcTestServer running = GrpcTestServer.of(server, _ -> {})) {
            Channel failing = with(running.channel(), GrpcTestServer.metadata("x-fail", "yes"));
            assertThat(GrpcTestServer.failure(() -> unary(failing)).getStatus().getCode())
                    .isEqualTo(Status.Code.INTERNAL);
            assertThat(running.unary("a")).isEqualTo("a");
        }
    }

    /** Shares what identifies callers, as the plugin security does. */
    private static final class Keys implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("security").build();
        }

        @Override
        public void start(PluginContext context) {
            Authenticator authenticator = credentials -> {
                Optional<String> token = credentials.bearerToken();
                if (token.isEmpty()) {
                    return Optional.empty();
                }
                return switch (token.get()) {
                    case "alice" -> Optional.of(Principal.of("alice"));
                    case "foreign" -> Optional.empty();
                    case "outage" -> throw new IllegalStateException("the directory does not answer");
                    default -> throw new AuthenticationException("unknown token");
                };
            };
            var _ = context.share(Authenticator.KEY, authenticator);
        }
    }

    private static Metadata bearer(String token) {
        return GrpcTestServer.metadata("authorization", "Bearer " + token);
    }

    @Test
    void callersAreAuthenticatedByThePluginSecurity() throws Exception {
        TextService service = new TextService().answering(_ -> RequestContext.current()
                .principal()
                .map(Principal::name)
                .orElse("nobody"));
        try (GrpcTestServer server =
                GrpcTestServer.of(GrpcServer.with(service), builder -> builder.plugin(new Keys()))) {
            Channel channel = server.channel();
            assertThat(unary(with(channel, bearer("alice")))).isEqualTo("alice");
            assertThat(code(channel)).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(code(with(channel, bearer("mallory")))).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(code(with(channel, bearer("outage")))).isEqualTo(Status.Code.UNAVAILABLE);
            Await.until("health is served", () -> HealthServiceTest.check(server, "")
                    .equals("SERVING"));
        }
    }

    private static Status.Code code(Channel channel) {
        return GrpcTestServer.failure(() -> unary(channel)).getStatus().getCode();
    }

    /** A plugin whose service has options. */
    private record Guarded(ServiceOptions options) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").requires("grpc").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(GrpcServer.SERVICES).add(context, options, new TextService());
        }
    }

    @Test
    void aServiceDecidesWhoMayCallIt() throws Exception {
        ServiceOptions open = ServiceOptions.defaults().withAccess(CallAccess.anonymous());
        ServiceOptions either = ServiceOptions.defaults().withAccess(CallAccess.optional());
        ServiceOptions admins = ServiceOptions.defaults().withAccess(CallAccess.roles("admin"));
        try (GrpcTestServer server = GrpcTestServer.of(
                new GrpcServer(), builder -> builder.plugin(new Keys()).plugin(new Guarded(open)))) {
            assertThat(unary(server.channel())).isEqualTo("a");
        }
        try (GrpcTestServer server = GrpcTestServer.of(
                new GrpcServer(), builder -> builder.plugin(new Keys()).plugin(new Guarded(either)))) {
            assertThat(unary(server.channel())).isEqualTo("a");
            assertThat(unary(with(server.channel(), bearer("alice")))).isEqualTo("a");
            assertThat(code(with(server.channel(), bearer("mallory")))).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(code(with(server.channel(), bearer("foreign"))))
                    .as("a token that is not accepted is not the absence of one")
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
        try (GrpcTestServer server = GrpcTestServer.of(
                new GrpcServer(), builder -> builder.plugin(new Keys()).plugin(new Guarded(admins)))) {
            assertThat(code(with(server.channel(), bearer("alice")))).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        try (GrpcTestServer server =
                GrpcTestServer.of(new GrpcServer(), builder -> builder.plugin(new Guarded(admins)))) {
            assertThat(code(server.channel()))
                    .as("a rule holds although nothing authenticates")
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }
}
