package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLoopTest {
    private final ManualTime time = new ManualTime();
    private final List<String> failures = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final RunLoop loop = new RunLoop(time, time, failure -> failures.add(failure.getMessage()));

    @Test
    void actionThatThrowsIsReportedAndTheNextOneRuns() {
        loop.post(() -> {
            throw new IllegalArgumentException("first");
        });
        loop.post(() -> done.add("second"));

        loop.run(() -> !done.isEmpty(), () -> {}, () -> {
            if (done.isEmpty()) {
                throw new IllegalArgumentException("after the first");
            }
        });

        assertThat(done).containsExactly("second");
        assertThat(failures).containsExactly("first", "after the first");
    }

    @Test
    void interruptIsKeptAlthoughItsActionThrows() {
        loop.post(() -> done.add("posted"));
        Thread.currentThread().interrupt();

        loop.run(
                () -> done.contains("posted") && !failures.isEmpty(),
                () -> {
                    throw new IllegalStateException("interrupted");
                },
                () -> {});

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failures).containsExactly("interrupted");
    }
}
