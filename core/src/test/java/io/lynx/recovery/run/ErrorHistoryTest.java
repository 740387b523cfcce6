package io.lynx.recovery.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ErrorHistoryTest {
    @Test
    void keepsTheMostRecentErrorsInOrder() {
        ErrorHistory<Integer> history = new ErrorHistory<>(3);
        IntStream.rangeClosed(1, 5).forEach(history::add);

        assertThat(history.newest(10)).containsExactly(5, 4, 3);
        assertThat(history.newest(2)).containsExactly(5, 4);
        assertThat(history.added()).isEqualTo(5);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(new ErrorHistory<String>(3).newest(10)).isEmpty();
    }

    @Test
    void writersLoseNothingThatFits() throws InterruptedException {
        int threads = 8;
        int each = 10_000;
        ErrorHistory<Integer> history = new ErrorHistory<>(threads * each);
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            Thread.ofPlatform().start(() -> {
                IntStream.range(first, first + each).forEach(history::add);
                done.countDown();
            });
        }
        done.await();

        Set<Integer> found = new HashSet<>(history.newest(threads * each));
        assertThat(found).hasSize(threads * each);
    }

    @Test
    void smallRingHoldsTheMostRecentErrorsAfterARace() throws InterruptedException {
        int threads = 8;
        ErrorHistory<Integer> history = new ErrorHistory<>(16);
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                IntStream.range(0, 20_000).forEach(history::add);
                done.countDown();
            });
        }
        done.await();

        List<Integer> newest = history.newest(16);
        assertThat(newest).hasSize(16);
        assertThat(history.added()).isEqualTo(threads * 20_000L);
    }
}
