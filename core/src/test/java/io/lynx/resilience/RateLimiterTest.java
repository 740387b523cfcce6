package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final ManualTime time = new ManualTime();
    private final List<Duration> waits = new ArrayList<>();

    private RateLimiter.Builder limiter(int permits, Duration period) {
        return RateLimiter.builder("payments", permits, period).ticker(time).sleeper(waits::add);
    }

    private static int take(RateLimiter limiter) {
        int taken = 0;
        while (limiter.tryAcquire()) {
            taken++;
        }
        return taken;
    }

    @Test
    void acceptsABurstThenKeepsTheRate() {
        RateLimiter limiter = limiter(10, Duration.ofSeconds(1)).burst(5).build();

        assertThat(take(limiter)).isEqualTo(5);
        time.advance(Duration.ofMillis(99));
        assertThat(take(limiter)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(take(limiter)).isEqualTo(1);
        time.advance(Duration.ofMillis(300));
        assertThat(take(limiter)).isEqualTo(3);
        time.advance(Duration.ofHours(1));
        assertThat(take(limiter)).isEqualTo(5);
        assertThat(limiter.rejections()).isEqualTo(5);
    }

    @Test
    void neverAcceptsMoreThanRateAndBurst() {
        RateLimiter limiter = limiter(100, Duration.ofSeconds(1)).burst(10).build();
        int taken = 0;

        for (int i = 0; i < 10_000; i++) {
            time.advance(Duration.ofMillis(1));
            taken += take(limiter);
        }

        assertThat(taken).isBetween(1_000, 1_010);
    }

    @Test
    void waitsForAPermitThatComesInTime() throws Exception {
        RateLimiter limiter =
                limiter(1, Duration.ofSeconds(1)).maxWait(Duration.ofSeconds(2)).build();

        limiter.acquire();
        limiter.acquire();
        assertThat(limiter.call(() -> "third")).isEqualTo("third");

        assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThatThrownBy(limiter::acquire)
                .isInstanceOfSatisfying(RateLimitExceededException.class, e -> assertThat(e.retryAfter())
                        .contains(Duration.ofSeconds(3)))
                .hasMessage("rate limiter payments: no room for 3000ms; at most 1 calls in PT1S");
    }

    @Test
    void aRejectedCallUsesNoPermit() {
        RateLimiter limiter = limiter(1, Duration.ofSeconds(1)).build();
        take(limiter);

        for (int i = 0; i < 1_000; i++) {
            assertThat(limiter.tryAcquire()).isFalse();
        }
        time.advance(Duration.ofSeconds(1));

        assertThat(limiter.tryAcquire()).isTrue();
    }

    @Test
    void givesManyThreadsNoMoreThanTheBurst() throws Exception {
        RateLimiter limiter = limiter(100, Duration.ofSeconds(1)).build();

        List<Integer> taken = CircuitBreakerBehaviourTest.inParallel(16, () -> take(limiter));

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }

    @Test
    void aClockThatGoesBackDoesNotBlockCalls() {
        AtomicLong clock = new AtomicLong(Duration.ofHours(2).toNanos());
        RateLimiter limiter = RateLimiter.builder("payments", 10, Duration.ofSeconds(1))
                .ticker(clock::get)
                .build();
        take(limiter);

        clock.addAndGet(-Duration.ofHours(1).toNanos());

        assertThat(take(limiter)).isEqualTo(10);
        clock.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(take(limiter)).isEqualTo(1);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> limiter(0, Duration.ZERO)
                        .burst(0)
                        .maxWait(Duration.ofDays(1))
                        .build())
                .hasMessage("""
                    rate_limiter payments.permits: 0; allowed is at least 1
                    rate_limiter payments.burst: 0; allowed is at least 1
                    rate_limiter payments.period: PT0S; allowed is PT0.001S to PT24H
                    rate_limiter payments.max_wait: PT24H; allowed is PT0S to PT1H\
                    """);
    }
}
