package io.lynx.recovery.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlidingCountTest {
    private static final long SECOND = 1_000_000_000L;
    private final ErrorTypeCounts.SlidingCount count = new ErrorTypeCounts.SlidingCount(Duration.ofSeconds(60));

    @Test
    void countsForTheWindowAndLessThanABucketMore() {
        count.add(0);

        assertThat(count.sum(60 * SECOND)).isEqualTo(1);
        assertThat(count.sum(61 * SECOND - 1)).isEqualTo(1);
        assertThat(count.sum(61 * SECOND)).isZero();
    }

    @Test
    void agreesWithAPlainModel() {
        SplittableRandom random = new SplittableRandom(7);
        Deque<Long> model = new ArrayDeque<>();
        long now = 0;
        for (int step = 0; step < 100_000; step++) {
            now += random.nextLong(random.nextInt(100) == 0 ? 90 * SECOND : SECOND);
            count.add(now);
            model.addLast(now);
            long bucket = now / SECOND;
            while (bucket - model.getFirst() / SECOND > 60) {
                model.removeFirst();
            }
            assertThat(count.sum(now)).isEqualTo(model.size());
        }
    }

    @Test
    void tickerThatGoesBackKeepsWhatWasCounted() {
        count.add(100 * SECOND);
        count.add(SECOND);
        count.add(-500 * SECOND);

        assertThat(count.sum(100 * SECOND)).isEqualTo(1);
        assertThat(count.sum(SECOND)).isEqualTo(2);
    }

    @Test
    void threadsLoseNoCountWithinAWindow() throws InterruptedException {
        int threads = 8;
        int each = 100_000;
        AtomicLong clock = new AtomicLong();
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    count.add(clock.addAndGet(50_000));
                }
                done.countDown();
            });
        }
        done.await();

        assertThat(clock.get()).isLessThan(60 * SECOND);
        assertThat(count.sum(clock.get())).isEqualTo((long) threads * each);
    }
}
