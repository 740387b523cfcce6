package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadStarterTest {
    /** What HotSpot says. */
    private static final String NO_THREAD =
            "unable to create native thread: possibly out of memory or process/resource limits reached";

    private final AtomicInteger attempts = new AtomicInteger();

    private ThreadStarter failing(int times, String message) {
        return new ThreadStarter(thread -> {
            if (attempts.getAndIncrement() < times) {
                throw new OutOfMemoryError(message);
            }
            thread.start();
        });
    }

    private static Thread runningThread(ThreadStarter threads) throws Exception {
        CompletableFuture<Thread> running = new CompletableFuture<>();
        Thread started = threads.start(
                Thread.ofPlatform().name("lynx-test").daemon(), () -> running.complete(Thread.currentThread()));
        assertThat(running.get(30, TimeUnit.SECONDS)).isSameAs(started);
        return started;
    }

    @Test
    void prefersThePlatformThread() throws Exception {
        Thread started = runningThread(ThreadStarter.SYSTEM);

        assertThat(started.isVirtual()).isFalse();
        assertThat(started.isDaemon()).isTrue();
    }

    @Test
    void takesAVirtualThreadOfTheSameNameIfThereIsNoPlatformThread() throws Exception {
        Thread started = runningThread(failing(1, NO_THREAD));

        assertThat(started.isVirtual()).isTrue();
        assertThat(started.getName()).isEqualTo("lynx-test");
    }

    @Test
    void rejectsTheTaskIfThereIsNoThreadAtAll() {
        assertThatThrownBy(() -> failing(2, NO_THREAD).start(Thread.ofPlatform().name("lynx-test"), () -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("thread lynx-test: cannot be started: java.lang.OutOfMemoryError: " + NO_THREAD);
        assertThat(failing(9, NO_THREAD).tryStart(Thread.ofVirtual().unstarted(() -> {})))
                .isFalse();
    }

    @Test
    void heapThatIsExhaustedIsFatal() {
        assertThatThrownBy(() -> failing(1, "Java heap space").start(Thread.ofPlatform(), () -> {}))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("Java heap space");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void callRunsOnAVirtualThreadAndFailsIfThereIsNone() throws Exception {
        ManualTime time = new ManualTime();
        Deadline deadline = Deadline.after(Duration.ofMinutes(1), time);

        BoundedCall<Boolean> onVirtual =
                BoundedCall.begin("close", () -> Thread.currentThread().isVirtual(), _ -> {}, failing(1, NO_THREAD));
        assertThat(onVirtual.await(deadline, time)).isTrue();
        assertThat(onVirtual.hasBegun()).isTrue();

        attempts.set(0);
        BoundedCall<Boolean> onNone = BoundedCall.begin("close", () -> true, _ -> {}, failing(2, NO_THREAD));
        assertThat(onNone.hasBegun()).isFalse();
        assertThat(onNone.isRunning()).isFalse();
        assertThatThrownBy(() -> onNone.await(deadline, time)).isInstanceOf(RejectedExecutionException.class);
    }
}
