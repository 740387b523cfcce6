package io.lynx.transport.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.LogLimit;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads that cannot start in a process at its limit: no task is lost, and none runs twice. */
class VirtualThreadDispatcherTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicInteger made = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }

    /** A factory with one thread that fails, {@code runs} or not: the virtual machine may report a failure for either. */
    private ThreadFactory failingAt(int index, boolean runs) {
        return task -> made.getAndIncrement() != index
                ? new Thread(task)
                : new Thread(task) {
                    @Override
                    public void start() {
                        if (runs) {
                            super.start();
                        }
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                };
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, false",
        "1, 0, true",
        "2, 0, false",
        "2, 1, false",
        "2, 1, true",
        "5, 0, false",
        "5, 0, true",
        "5, 1, false",
        "5, 3, false",
        "5, 3, true",
        "5, 4, false",
        "5, 9, false"
    })
    void everyTaskRunsOnce(int tasks, int failing, boolean runs) throws Exception {
        VirtualThreadDispatcher dispatcher =
                new VirtualThreadDispatcher(loop, failingAt(failing, runs), new LogLimit(new ManualTime()));
        List<AtomicInteger> counts = new ArrayList<>();
        loop.submit(() -> {
                    for (int i = 0; i < tasks; i++) {
                        AtomicInteger count = new AtomicInteger();
                        counts.add(count);
                        dispatcher.dispatch(new FirstRun(count::incrementAndGet));
                    }
                })
                .sync();

        Await.until("every task has run", () -> counts.stream().allMatch(count -> count.get() == 1));
        // A task that waits to be tried again would be tried with those that follow.
        AtomicInteger following = new AtomicInteger();
        loop.submit(() -> dispatcher.dispatch(new FirstRun(following::incrementAndGet)))
                .sync();
        Await.until("the following task has run", () -> following.get() == 1);
        assertThat(counts).allMatch(count -> count.get() == 1);
    }
}
