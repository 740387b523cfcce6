package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.grpc.client.GrpcClientPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The code of the guide to gRPC. */
class GrpcGuideTest {
    private static final MethodDescriptor<String, String> GREET =
            Texts.method("greeter.v1.Greeter", "Greet", MethodType.UNARY);

    // snippet: grpc-plugin
    /** Greets by gRPC. */
    static final class GreeterPlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("greeter").requires("grpc").build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(GrpcServer.SERVICES).add(context, new Greeter());
        }
    }
    // end

    // snippet: grpc-by-hand
    static final class Greeter implements BindableService {
        @Override
        public ServerServiceDefinition bindService() {
            return ServerServiceDefinition.builder("greeter.v1.Greeter")
                    .addMethod(GREET, ServerCalls.asyncUnaryCall(this::greet))
                    .build();
        }

        private void greet(String name, StreamObserver<String> answer) {
            answer.onNext("Hello " + name);
            answer.onCompleted();
        }
    }
    // end

    // snippet: grpc-client-plugin
    /** Greets by another service. */
    static final class WelcomePlugin implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("welcome")
                    .requires("grpc")
                    .requires(GrpcClientPlugin.id("greeter"))
                    .build();
        }

        @Override
        public List<Plugin> companions() {
            return List.of(new GrpcClientPlugin("greeter"));
        }

        @Override
        public void start(PluginContext context) {
            GrpcChannel greeter = context.resource(GrpcClientPlugin.key("greeter"));
            TextService service = new TextService()
                    .answering(name -> ClientCalls.blockingUnaryCall(greeter, GREET, CallOptions.DEFAULT, name));
            context.resource(GrpcServer.SERVICES).add(context, service);
        }
    }
    // end

    private static final class Token extends CallCredentials {
        @Override
        public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
            applier.apply(GrpcTestServer.metadata("authorization", "Bearer secret"));
        }
    }

    @Test
    void aPluginCallsAnotherService() throws Exception {
        try (GrpcTestServer greeter = GrpcTestServer.of(GrpcServer.with(new Greeter()), _ -> {});
                GrpcTestServer welcome = GrpcTestServer.of(
                        new GrpcServer(),
                        builder -> builder.plugin(new WelcomePlugin()),
                        "lynx.clients.greeter.url",
                        "http://127.0.0.1:" + greeter.port(),
                        "lynx.clients.greeter.connect_timeout",
                        "30s")) {
            assertThat(welcome.unary("Ada")).isEqualTo("Hello Ada");
        }
    }

    @Test
    void aChannelOfItsOwn() throws Exception {
        try (GrpcTestServer greeter = GrpcTestServer.of(GrpcServer.with(new Greeter()), _ -> {})) {
            String addresses = "127.0.0.1:" + greeter.port();
            // snippet: grpc-client-builder
            GrpcChannel channel = GrpcChannel.builder("greeter")
                    .url("http://greeter:8080")
                    .addresses(addresses)
                    .timeout(Duration.ofSeconds(5))
                    .credentials(new Token())
                    .build();
            // end
            try (channel) {
                // snippet: grpc-client-idempotent
                CallOptions twice = CallOptions.DEFAULT
                        .withOption(GrpcChannel.IDEMPOTENT, true)
                        .withDeadlineAfter(10, TimeUnit.SECONDS);
                String greeting = ClientCalls.blockingUnaryCall(channel, GREET, twice, "Ada");
                // end
                assertThat(greeting).isEqualTo("Hello Ada");
            }
        }
    }

    @Test
    void aPluginAddsAService() throws Exception {
        try (GrpcTestServer server =
                GrpcTestServer.of(new GrpcServer(), builder -> builder.plugin(new GreeterPlugin()))) {
            assertThat(server.unary(GREET, "Ada")).isEqualTo("Hello Ada");
        }
    }

    @Test
    void aServiceWithOptions() throws Exception {
        Plugin plugin = new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of("greeter").requires("grpc").build();
            }

            @Override
            public void start(PluginContext context) {
                // snippet: grpc-options
                ServiceOptions options = ServiceOptions.defaults()
                        .withAccess(CallAccess.roles("clerk", "admin"))
                        .withTimeout(Duration.ofSeconds(2));
                context.resource(GrpcServer.SERVICES).add(context, options, new Greeter());
                // end
            }
        };
        try (GrpcTestServer server = GrpcTestServer.of(new GrpcServer(), builder -> builder.plugin(plugin))) {
            assertThat(server.failure(GREET, "Ada").getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void errors() throws Exception {
        TextService service = new TextService().answering(text -> {
            if (text.isEmpty()) {
                // snippet: grpc-errors
                throw GrpcErrors.invalid("the order is not valid", Map.of("items[0].amount", "must be positive"));
                // end
            }
            return text;
        });
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            assertThat(server.codeOf("")).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void drain() throws Exception {
        // snippet: grpc-drain
        TextService service = new TextService().server((request, answer) -> {
            answer.onNext("first change");
            StreamingCall.onDrain(remaining -> {
                answer.onNext("the server is shutting down");
                answer.onCompleted();
            });
        });
        // end
        try (GrpcTestServer server = GrpcTestServer.of(service)) {
            var changes = server.changes("");
            assertThat(changes.next()).isEqualTo("first change");
            Thread stop = Thread.ofPlatform().start(server::stop);
            assertThat(changes.next()).isEqualTo("the server is shutting down");
            stop.join();
        }
    }

    @Test
    void interceptors() throws Exception {
        // snippet: grpc-interceptors
        GrpcServer server = GrpcServer.builder()
                .services(new TextService())
                .interceptors(all ->
                        all.add(CallInterceptors.RATE_LIMIT, new CallLimit()).remove(CallInterceptors.IN_FLIGHT_LIMIT))
                .build();
        // end
        try (GrpcTestServer running = GrpcTestServer.of(server, _ -> {})) {
            assertThat(running.unary("a")).isEqualTo("a");
        }
    }

    private static final class CallLimit implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return next.startCall(call, headers);
        }
    }
}
