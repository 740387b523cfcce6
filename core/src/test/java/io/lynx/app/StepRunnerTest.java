package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.container.ThreadStarter;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepRunnerTest {
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private ShutdownStep step(Phase.Name phase, String name) {
        return new ShutdownStep(phase, name, it -> it.atMost(Duration.ofSeconds(1)), _ -> {
            journal.add(name);
            threads.add(Thread.currentThread());
        });
    }

    private void run(ThreadStarter starter) {
        ShutdownProgress progress =
                new ShutdownProgress(new ShutdownTrigger.Request("test"), time.instant(), time.nanos(), BUDGET, time);
        ApplicationTime times = new ApplicationTime(time, time, time, time, List.of());
        new StepRunner(times, Deadline.after(BUDGET, time), progress, phase -> journal.add("phase " + phase), starter)
                .run(List.of(step(Phase.Name.ANNOUNCE, "announce"), step(Phase.Name.DRAIN, "drain")));
    }

    @Test
    void runsEachStepOnAPlatformThreadOfItsOwn() {
        run(ThreadStarter.SYSTEM);

        assertThat(journal).containsExactly("phase ANNOUNCE", "announce", "phase DRAIN", "drain");
        assertThat(threads)
                .extracting(Thread::getName)
                .containsExactly("lynx-shutdown-announce", "lynx-shutdown-drain");
        assertThat(threads).noneMatch(Thread::isVirtual);
    }

    /** The first step finds no platform thread, or no thread at all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void runsEveryStepAtTheLimitOfThreads(int failures) {
        AtomicInteger attempts = new AtomicInteger();

        run(new ThreadStarter(thread -> {
            if (attempts.getAndIncrement() < failures) {
                throw new OutOfMemoryError("unable to create native thread: possibly out of memory");
            }
            thread.start();
        }));

        assertThat(journal).containsExactly("phase ANNOUNCE", "announce", "phase DRAIN", "drain");
        assertThat(threads.getFirst().isVirtual()).isEqualTo(failures == 1);
        assertThat(threads.getFirst().equals(Thread.currentThread())).isEqualTo(failures == 2);
        assertThat(threads.getLast().getName()).isEqualTo("lynx-shutdown-drain");
    }
}
