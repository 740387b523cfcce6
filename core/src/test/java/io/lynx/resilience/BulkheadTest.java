package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    @Test
    void refusesMoreCallsThanItsLimit() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 2, Duration.ZERO);

        String result = bulkhead.call(() -> bulkhead.call(() -> {
            assertThat(bulkhead.available()).isZero();
            assertThatThrownBy(() -> bulkhead.call(() -> "third"))
                    .isInstanceOf(BulkheadFullException.class)
                    .hasMessage("bulkhead payments: 2 calls running after waiting 0ms; at most 2 at a time");
            return "second";
        }));

        assertThat(result).isEqualTo("second");
        assertThat(bulkhead.available()).isEqualTo(2);
        assertThat(bulkhead.rejections()).isEqualTo(1);
    }

    @Test
    void givesTheSlotBackWhenTheCallThrows() {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, Duration.ZERO);

        assertThatThrownBy(() -> bulkhead.call(() -> {
                    throw new IllegalStateException("down");
                }))
                .hasMessage("down");

        assertThat(bulkhead.available()).isEqualTo(1);
    }

    @Test
    void aCallWaitsForItsTurn() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 1, Duration.ofMinutes(1));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        FutureTask<String> first = new FutureTask<>(() -> bulkhead.call(() -> {
            running.countDown();
            release.await();
            return "first";
        }));
        FutureTask<String> second = new FutureTask<>(() -> bulkhead.call(() -> "second"));

        Thread.ofVirtual().start(first);
        running.await();
        Thread.ofVirtual().start(second);
        Await.until("a call waits", () -> bulkhead.waiting() > 0);
        release.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("second");
    }

    @Test
    void neverRunsMoreThanItsLimitAtATime() throws Exception {
        Bulkhead bulkhead = Bulkhead.of("payments", 3, Duration.ofMinutes(1));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch met = new CountDownLatch(3);

        CircuitBreakerBehaviourTest.inParallel(32, () -> {
            for (int i = 0; i < 100; i++) {
                bulkhead.call(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    met.countDown();
                    assertThat(met.await(30, TimeUnit.SECONDS)).isTrue();
                    return running.decrementAndGet();
                });
            }
            return null;
        });

        assertThat(most.get()).isEqualTo(3);
        assertThat(bulkhead.available()).isEqualTo(3);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> Bulkhead.of("payments", 0, Duration.ofSeconds(-1)))
                .hasMessage("""
                    bulkhead payments.limit: 0; allowed is at least 1
                    bulkhead payments.max_wait: PT-1S; allowed is PT0S to PT1H\
                    """);
    }
}
