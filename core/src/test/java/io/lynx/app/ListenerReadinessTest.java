package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readiness of an instance whose listeners do not accept connections. */
class ListenerReadinessTest {
    private final ManualTime time = new ManualTime();
    private final FakeListener listener = new FakeListener();
    private final CountDownLatch secondStart = new CountDownLatch(1);
    private final AtomicInteger starts = new AtomicInteger();
    private Application application = application(it -> it);

    private Application application(UnaryOperator<PluginDescriptor.Builder> description) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .ticker(time)
                .scheduler(time)
                .clock(time)
                .plugin(new RecordingPlugin("web", description, context -> {
                    context.traffic(listener);
                    if (starts.incrementAndGet() == 2) {
                        secondStart.await();
                    }
                }))
                .build();
    }

    private <T> T pump(FutureTask<T> task) throws Exception {
        Thread.ofPlatform().daemon().start(task);
        pumpUntil("the task is done", task::isDone);
        return task.get();
    }

    private void pumpUntil(String what, Callable<Boolean> condition) {
        Await.until(what, () -> {
            time.advance(Duration.ZERO);
            return condition.call();
        });
    }

    private boolean isReady(HealthStatus status) {
        return application.health().snapshot().status(Group.READINESS) == status;
    }

    @AfterEach
    void stop() {
        application.requestStop("test");
        pumpUntil("the application has ended", () -> application.state().isOver());
    }

    @Test
    void listenerThatLostItsSocketMakesTheInstanceNotReadyUntilItAcceptsAgain() throws Exception {
        pump(new FutureTask<>(application::start, true));
        assertThat(isReady(HealthStatus.UP)).isTrue();

        listener.lostSocket = true;
        time.advance(Duration.ofSeconds(5));
        pumpUntil("the application is not ready", () -> isReady(HealthStatus.DOWN));
        assertThat(application
                        .health()
                        .snapshot()
                        .check("lynx.listeners")
                        .orElseThrow()
                        .error())
                .isEqualTo("no connections are accepted by listener 'fake' of plugin 'web'");

        listener.lostSocket = false;
        pumpUntil("the application is ready", () -> {
            time.advance(Duration.ofSeconds(5));
            return isReady(HealthStatus.UP);
        });
        assertThat(application.health().snapshot().check("lynx.listeners")).isEmpty();
    }

    @Test
    void listenerThatHangsWhenItIsInspectedMakesTheInstanceNotReadyUntilItReturns() throws Exception {
        pump(new FutureTask<>(application::start, true));

        CountDownLatch hang = new CountDownLatch(1);
        listener.hang = hang;
        time.advance(Duration.ofSeconds(5));
        pumpUntil("the application is not ready", () -> isReady(HealthStatus.DOWN));
        listener.hang = null;
        time.advance(Duration.ofSeconds(5));
        boolean isReadyWhileItHangs = isReady(HealthStatus.UP);
        hang.countDown();

        assertThat(isReadyWhileItHangs).isFalse();
        pumpUntil("the application is ready again", () -> {
            time.advance(Duration.ofSeconds(5));
            return isReady(HealthStatus.UP);
        });
    }

    @Test
    void instanceIsNotReadyWhileItsServerRestarts() throws Exception {
        pump(new FutureTask<>(application::start, true));

        FutureTask<Boolean> restart = new FutureTask<>(() -> {
            application.restart("web");
            return true;
        });
        Thread.ofPlatform().daemon().start(restart);
        pumpUntil("the second start makes it unready", () -> starts.get() == 2 && isReady(HealthStatus.DOWN));
        secondStart.countDown();
        pumpUntil("the restart is done", restart::isDone);

        assertThat(restart.get()).isTrue();
        pumpUntil("the application is ready", () -> isReady(HealthStatus.UP));
    }

    @Test
    void listenerOfAnOptionalPluginDoesNotDecideReadiness() throws Exception {
        application = application(PluginDescriptor.Builder::optional);
        pump(new FutureTask<>(application::start, true));

        listener.lostSocket = true;
        time.advance(Duration.ofSeconds(10));

        assertThat(isReady(HealthStatus.UP)).isTrue();
    }
}
