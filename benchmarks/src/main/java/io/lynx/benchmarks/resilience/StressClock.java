package io.lynx.benchmarks.resilience;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Permit;
import io.lynx.resilience.WindowConfig;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stress tests move, and breakers on it in the state that a race begins in. */
final class StressClock implements Ticker {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final AtomicLong now = new AtomicLong();

    @Override
    public long nanos() {
        return now.get();
    }

    /** A closed breaker that two failures open. */
    CircuitBreaker closed() {
        return breaker(CircuitBreakerConfig.builder().threshold(2));
    }

    /** A closed breaker that the fourth result opens if half of them failed. */
    CircuitBreaker countWindow() {
        return breaker(CircuitBreakerConfig.builder().window(WindowConfig.count(4, .5)));
    }

    /** A closed breaker that the fourth result opens if half of them failed. */
    CircuitBreaker timeWindow() {
        return breaker(CircuitBreakerConfig.builder().window(WindowConfig.time(Duration.ofMillis(100), 4, .5)));
    }

    /** An open breaker whose timeout is over: the next call makes it half-open. */
    CircuitBreaker due(int probes) {
        CircuitBreaker breaker =
                breaker(CircuitBreakerConfig.builder().threshold(1).halfOpenLimit(probes));
        fail(breaker.acquire());
        pass(TIMEOUT);
        return breaker;
    }

    private CircuitBreaker breaker(CircuitBreakerConfig.Builder config) {
        return CircuitBreaker.of("stress", config.timeout(TIMEOUT).build(), this);
    }

    /** Advances the time. */
    void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    /** Advances the time beyond the timeout. */
    void passTimeout() {
        pass(TIMEOUT);
    }

    static void fail(Permit permit) {
        permit.failure(new IllegalStateException());
    }

    /** 0 closed, 1 open, 2 half-open. */
    static int state(CircuitBreaker breaker) {
        return breaker.state().code();
    }

    /** 1 if it accepted a call, 0 if not. */
    static int admitted(CircuitBreaker breaker) {
        return breaker.tryAcquire() == null ? 0 : 1;
    }
}
