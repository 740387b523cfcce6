package io.lynx.grpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.lynx.app.ApplicationView;
import io.lynx.grpc.GrpcConfig.DefaultAccess;
import io.lynx.grpc.engine.HealthService.Serving;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches of the health, when it changes or the server stops at a bad moment. */
class HealthWatchTest {
    private final ManualTime time = new ManualTime();
    private final List<Phase> phases = new ArrayList<>();
    private final List<Thread> changes = new ArrayList<>();
    private volatile @Nullable Thread watching;
    private final HealthMonitor health = HealthMonitor.builder(
                    HealthCheckConfig.defaults(), time, this::now, Runnable::run)
            .build();
    private final HealthService service = new HealthService(
            (ApplicationView) Proxy.newProxyInstance(
                    ApplicationView.class.getClassLoader(), new Class<?>[] {ApplicationView.class}, (_, method, _) -> {
                        assertThat(method.getName()).isEqualTo("health");
                        return health();
                    }),
            new ServiceList(new InterceptorPlan(List.of()), new CallAuthentication(null, DefaultAccess.ANONYMOUS)));

    private static final class Answers implements StreamObserver<Serving> {
        final List<Serving> all = new CopyOnWriteArrayList<>();
        final List<Status> ends = new CopyOnWriteArrayList<>();

        @Override
        public void onNext(Serving status) {
            all.add(status);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ends.add(Status.OK);
        }
    }

    private HealthMonitor health() {
        return health;
    }

    /** While the watching thread reads a status, another thread changes it and notifies all watchers, unless it has to wait. */
    private long now() {
        if (Thread.currentThread().equals(watching) && !phases.isEmpty()) {
            Phase next = phases.removeFirst();
            Thread change = Thread.ofPlatform().start(() -> health.enter(next));
            changes.add(change);
            Await.until(
                    "the change is published or waits", () -> EnumSet.of(Thread.State.BLOCKED, Thread.State.TERMINATED)
                            .contains(change.getState()));
        }
        return time.nanos();
    }

    @AfterEach
    void close() {
        service.close();
        health.close();
    }

    @Test
    void theLastStatusThatIsSentIsTheMostRecent() throws Exception {
        Answers answers = new Answers();
        phases.addAll(List.of(Phase.SERVING, Phase.STOPPING));
        watching = Thread.currentThread();

        var _ = service.follow("", answers);
        watching = null;
        assertThat(changes).isNotEmpty();
        for (Thread change : changes) {
            change.join();
        }

        boolean isReady = health.snapshot().phase() == Phase.SERVING;
        assertThat(answers.all).endsWith(isReady ? Serving.SERVING : Serving.NOT_SERVING);
    }

    @Test
    void aWatchThatBeginsWhenTheServerHasStoppedEnds() {
        Answers answers = new Answers();
        service.close();

        var _ = service.follow("", answers);

        assertThat(answers.ends).extracting(Status::getCode).containsExactly(Status.Code.UNAVAILABLE);
    }
}
