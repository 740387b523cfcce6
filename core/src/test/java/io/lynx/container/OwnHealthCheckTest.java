package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.testkit.Await;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OwnHealthCheckTest {
    private final ContainerFixture fixture = new ContainerFixture();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final AtomicInteger attempts = new AtomicInteger();

    private Registration register(String name) {
        int _ = attempts.incrementAndGet();
        if (!names.add(name)) {
            throw new IllegalArgumentException("health check '" + name + "': the name is taken");
        }
        return () -> names.remove(name);
    }

    private static boolean waitsToShowHealth(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("showHealth"));
    }

    /** The thread dies between the moment at which the plugin runs and that at which the coordinator shows its health. */
    @Test
    void threadThatDiesWhileTheCoordinatorShowsTheHealthFailsOnlyThePlugin() throws Exception {
        FakePlugin worker = fixture.add("worker");
        FakePlugin web = fixture.add("web", it -> it.requires("worker"));
        CountDownLatch registered = new CountDownLatch(1);
        AtomicReference<Thread> dying = new AtomicReference<>();
        AtomicReference<Thread> coordinator = new AtomicReference<>();
        fixture.health = (_, name, _, _) -> {
            Registration registration = register(name);
            if (Thread.currentThread().equals(dying.get())) {
                registered.countDown();
                Await.until(
                        "the coordinator shows the health too",
                        () -> attempts.get() > 1 || waitsToShowHealth(Objects.requireNonNull(coordinator.get())));
            }
            return registration;
        };
        Registration _ = fixture.notifier.add("race", event -> {
            if (event instanceof PluginEvent.StateChanged
                    && event.plugin().id().equals("worker")
                    && event.plugin().state() == PluginState.RUNNING) {
                coordinator.set(Thread.currentThread());
                Thread thread = Objects.requireNonNull(worker.context).threads().newThread(() -> {
                    throw new IllegalStateException("lost");
                });
                dying.set(thread);
                thread.start();
                awaitUnchecked(registered);
            }
        });

        fixture.start();
        dying.get().join();

        assertThat(fixture.state("worker")).isEqualTo(PluginState.FAILED);
        assertThat(web.starts).hasValue(1);
        assertThat(names).containsExactlyInAnyOrder("worker", "web");
        assertThat(fixture.observed).contains("worker lynx-worker-1 died of lost");
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        Await.until("the dying thread registers the health check", () -> latch.getCount() == 0);
    }

    @Test
    void nameThatIsTakenDoesNotEndTheStart() throws Exception {
        names.add("worker");
        fixture.health = (_, name, _, _) -> register(name);
        fixture.add("worker");
        FakePlugin web = fixture.add("web", it -> it.requires("worker"));

        fixture.start();

        assertThat(fixture.state("worker")).isEqualTo(PluginState.RUNNING);
        assertThat(web.starts).hasValue(1);
    }

    @Test
    void isNotShownWhenItNoLongerApplies() {
        OwnHealthCheck check = new OwnHealthCheck("worker", (_, name, _, _) -> register(name), Health::up);

        check.show(() -> true);
        check.show(() -> true);
        assertThat(names).containsExactly("worker");

        check.hide();
        check.show(() -> false);
        assertThat(names).isEmpty();
    }
}
