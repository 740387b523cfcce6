package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Ticker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestartedThreadTest {
    private final AtomicReference<@Nullable RestartedThread> thread = new AtomicReference<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch again = new CountDownLatch(1);

    private void ensure() {
        RestartedThread made = thread.get();
        if (made != null && runs.get() < 2) {
            made.ensure();
        }
    }

    private void work() {
        if (runs.incrementAndGet() == 1) {
            ensure(); // Too early: it has not ended.
            throw new InternalError("expected; it ends the thread");
        }
        again.countDown();
    }

    @Test
    void canBeStartedAnewByWhatRunsAtItsEnd() throws Exception {
        thread.set(new RestartedThread("restarted", this::work, this::ensure, Ticker.system()));

        ensure();

        assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(2);
    }
}
