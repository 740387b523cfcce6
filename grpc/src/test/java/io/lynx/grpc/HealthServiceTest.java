package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The protocol by which Kubernetes and clients learn of the health of a server (grpc.health.v1). */
class HealthServiceTest {
    private static final List<String> STATUSES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

    private static final MethodDescriptor<String, String> CHECK = method("Check", MethodType.UNARY);
    private static final MethodDescriptor<String, String> WATCH = method("Watch", MethodType.SERVER_STREAMING);

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("grpc.health.v1.Health/" + name)
                .setRequestMarshaller(new Wire())
                .setResponseMarshaller(new Wire())
                .build();
    }

    /** Writes requests and reads answers. */
    private static final class Wire implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                out.writeString(1, service);
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String parse(InputStream in) {
            try {
                CodedInputStream from = CodedInputStream.newInstance(in);
                return from.readTag() == 0 ? STATUSES.getFirst() : STATUSES.get(from.readEnum());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String check(GrpcTestServer server, String service) {
        return check(server.channel(), service);
    }

    private static String check(Channel channel, String service) {
        return ClientCalls.blockingUnaryCall(
                channel, CHECK, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), service);
    }

    /** A plugin with a check that readiness depends on. */
    private static final class Stock implements Plugin {
        final AtomicBoolean isDown = new AtomicBoolean();

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("stock").build();
        }

        @Override
        public void start(PluginContext context) {
            var _ = context.healthCheck(
                    "stock.database",
                    HealthCheckOptions.defaults()
                            .withGroups(Group.READINESS)
                            .withCriticality(Criticality.CRITICAL)
                            .withInterval(Duration.ofMillis(100))
                            .withThresholds(1, 1),
                    () -> isDown.get() ? Health.down("gone") : Health.up());
        }
    }

    private static final class Statuses implements StreamObserver<String> {
        final List<String> all = new CopyOnWriteArrayList<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(String status) {
            all.add(status);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    @Test
    void checksTheApplicationPluginsAndServices() throws Exception {
        Stock stock = new Stock();
        try (GrpcTestServer server =
                GrpcTestServer.of(GrpcServer.with(new TextService()), builder -> builder.plugin(stock))) {
            Channel channel = server.channel();
            Await.until("the service is ready", () -> check(channel, "").equals("SERVING"));
            assertThat(check(channel, "stock")).isEqualTo("SERVING");
            assertThat(check(channel, Texts.SERVICE)).isEqualTo("SERVING");
            StatusRuntimeException unknown = GrpcTestServer.failure(() -> check(channel, "nothing"));
            assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);

            stock.isDown.set(true);

            Await.until("the plugin is down", () -> check(channel, "stock").equals("NOT_SERVING"));
            Await.until("the application is not ready", () -> check(channel, "").equals("NOT_SERVING"));
        }
    }

    @Test
    void watchersReceiveEachChangeAndTheShutdownFirst() throws Exception {
        Stock stock = new Stock();
        Statuses all = new Statuses();
        Statuses unknown = new Statuses();
        try (GrpcTestServer server =
                GrpcTestServer.of(GrpcServer.with(new TextService()), builder -> builder.plugin(stock))) {
            Channel channel = server.channel();
            ClientCalls.asyncServerStreamingCall(channel.newCall(WATCH, CallOptions.DEFAULT), "", all);
            ClientCalls.asyncServerStreamingCall(channel.newCall(WATCH, CallOptions.DEFAULT), "nothing", unknown);
            Await.until("the first status arrives", () -> all.all.contains("SERVING"));
            Await.until("an unknown service has a status too", () -> unknown.all.contains("SERVICE_UNKNOWN"));
            stock.isDown.set(true);
            Await.until("the failure arrives", () -> all.all.getLast().equals("NOT_SERVING"));
            stock.isDown.set(false);
            Await.until("the recovery arrives", () -> all.all.getLast().equals("SERVING"));

            var _ = server.application.stop();

            assertThat(all.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(all.all.getLast()).isEqualTo("NOT_SERVING");
        }
    }
}
