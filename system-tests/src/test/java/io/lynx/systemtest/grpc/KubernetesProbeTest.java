package io.lynx.systemtest.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.lynx.app.Application;
import io.lynx.grpc.GrpcServer;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.systemtest.app.GrpcService;
import io.lynx.systemtest.process.FreePort;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A probe {@code grpc: {port: …}} of Kubernetes, which is a Check of the empty service within one second, on a new connection. */
@Timeout(180)
final class KubernetesProbeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final int port = FreePort.find();
    private final AtomicReference<Health> health = new AtomicReference<>(Health.up());
    private final CountDownLatch starting = new CountDownLatch(1);

    /** A plugin that starts when the test says so, and has the health that the test says. */
    private final class Controlled implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("controlled").build();
        }

        @Override
        public void start(PluginContext context) throws InterruptedException {
            var _ = context.healthCheck(
                    "controlled.state",
                    HealthCheckOptions.defaults()
                            .withGroups(Group.READINESS)
                            .withCriticality(Criticality.CRITICAL)
                            .withInterval(Duration.ofMillis(100))
                            .withThresholds(1, 1),
                    health::get);
            assertThat(starting.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private Application application() {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "probed")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", Integer.toString(port))
                .set("lynx.startup.timeout", "110s")
                .set("lynx.startup.plugin_timeout", "100s")
                .plugin(GrpcServer.with(GrpcService.service("probed")))
                .plugin(new Controlled())
                .build();
    }

    private ManagedChannel channel() {
        return OkHttpChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private String probe() {
        ManagedChannel channel = channel();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(1, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus()
                    .name();
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode().name();
        } finally {
            channel.shutdownNow();
        }
    }

    /** A busy machine may exceed the second now and then. */
    private void awaitProbe(String... expected) {
        Await.until("the probe is " + String.join(" or ", expected), PATIENCE, PAUSE, () -> Set.of(expected)
                .contains(probe()));
    }

    @Test
    void saysInEveryStateWhetherRequestsAreServed() throws Exception {
        try (Application application = application()) {
            CompletableFuture<Void> started = CompletableFuture.runAsync(application::start);
            awaitProbe("UNAVAILABLE", "NOT_SERVING");

            starting.countDown();
            started.get(2, TimeUnit.MINUTES);
            awaitProbe("SERVING");

            health.set(Health.degraded("slow"));
            Await.until("it is degraded", PATIENCE, PAUSE, () -> application
                    .health()
                    .snapshot()
                    .status(Group.READINESS)
                    .name()
                    .equals("DEGRADED"));
            awaitProbe("SERVING");

            health.set(Health.down("gone"));
            awaitProbe("NOT_SERVING");

            health.set(Health.up());
            awaitProbe("SERVING");

            ManagedChannel working = channel();
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> ClientCalls.blockingUnaryCall(
                    working, GrpcService.WORK, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES), "3000"));
            Await.until("a call is in flight", PATIENCE, PAUSE, () -> application.requestsInFlight() == 1);
            var _ = application.stop();
            awaitProbe("UNAVAILABLE", "NOT_SERVING");
            assertThat(call.get(1, TimeUnit.MINUTES)).as("the drain").isEqualTo("probed");
            assertThat(probe()).isNotEqualTo("SERVING");
            working.shutdownNow();
        }
    }
}
