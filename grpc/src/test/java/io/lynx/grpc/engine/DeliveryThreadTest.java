package io.lynx.grpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DeliveryThreadTest {
    private static final int ROUNDS = 100_000;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_PAUSE = 300;
    private static final int LAST = Integer.MAX_VALUE;

    private final DeliveryThread thread = new DeliveryThread();
    private final AtomicInteger handedOver = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger checked = new AtomicInteger();

    private static void await(AtomicInteger round, int number) {
        for (int i = 0; round.get() < number; i++) {
            if (i < 1_000) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    @Test
    void isTheOneThatDelivers() {
        assertThat(thread.isBusy()).isFalse();
        assertThat(thread.stack()).isEmpty();

        thread.begin();

        assertThat(thread.isCurrent()).isTrue();
        assertThat(thread.isBusy()).isTrue();
        assertThat(thread.stack()).isNotEmpty();

        thread.end();

        assertThat(thread.isCurrent()).isFalse();
        assertThat(thread.isBusy()).isFalse();
    }

    /** One thread ends its burst while the other begins the next, again and again. */
    @Test
    void theEndOfABurstLeavesTheThreadOfTheNext() throws Exception {
        CompletableFuture<Integer> lost = new CompletableFuture<>();
        Thread next = Thread.ofPlatform().daemon().start(() -> lost.complete(beginNext()));
        Random random = new Random(1);
        long began = System.nanoTime();
        for (int i = 1; i <= ROUNDS && System.nanoTime() - began < MOST_NANOS; i++) {
            thread.begin();
            handedOver.set(i);
            for (int pause = random.nextInt(LONGEST_PAUSE); pause > 0; pause--) {
                Thread.onSpinWait();
            }
            thread.end();
            ended.set(i);
            await(checked, i);
        }
        handedOver.set(LAST);

        assertThat(lost.get(30, TimeUnit.SECONDS)).isZero();
        next.join();
    }

    /** Returns in how many rounds the thread was lost. */
    private int beginNext() {
        int lost = 0;
        await(handedOver, 1);
        for (int i = 1; handedOver.get() != LAST; i++) {
            thread.begin();
            await(ended, i);
            lost += thread.isCurrent() ? 0 : 1;
            thread.end();
            checked.set(i);
            await(handedOver, i + 1);
        }
        return lost;
    }
}
