package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LogThreadTest {
    @Test
    void aLineWaitsWhileTheSystemHasNoThread() {
        Queue<Runnable> queue = new ArrayDeque<>();

        LogThread.writeOn(
                line -> {
                    queue.add(line);
                    throw new OutOfMemoryError("unable to create native thread: expected by the test");
                },
                () -> {});

        assertThat(queue).hasSize(1);
    }
}
