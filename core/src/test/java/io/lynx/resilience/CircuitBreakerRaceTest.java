package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whether the breaker, used by several threads at once, gives only answers that some order of the calls would give. Each
 * thread holds one permit at most; the thresholds are low, so that all transitions happen.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Timeout(600)
public class CircuitBreakerRaceTest {
    private static final Duration TIMEOUT = Duration.ofMillis(10);
    private static final int MOST_THREADS = 8;

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker breaker = CircuitBreaker.of("race", config(), clock());
    private final @Nullable Permit[] permits = new @Nullable Permit[MOST_THREADS];

    /** Each thread begins with a permit, so that most scenarios have results to report. */
    public CircuitBreakerRaceTest() {
        Arrays.setAll(permits, _ -> breaker.tryAcquire());
    }

    static CircuitBreakerConfig config() {
        return CircuitBreakerConfig.builder()
                .threshold(2)
                .timeout(TIMEOUT)
                .halfOpenLimit(2)
                .halfOpenMaxWait(TIMEOUT.multipliedBy(2))
                .build();
    }

    private Ticker clock() {
        return now::get;
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        permits[thread] = breaker.tryAcquire();
        return permits[thread] != null;
    }

    @Operation
    public void success(@Param(name = "thread") int thread) {
        Permit permit = permits[thread];
        if (permit != null) {
            permit.success();
        }
    }

    @Operation
    public void failure(@Param(name = "thread") int thread) {
        Permit permit = permits[thread];
        if (permit != null) {
            permit.failure(new IllegalStateException());
        }
    }

    @Operation
    public void ignore(@Param(name = "thread") int thread) {
        Permit permit = permits[thread];
        if (permit != null) {
            permit.ignore();
        }
    }

    /** The state and what counts in it. */
    @Operation
    public String snapshot() {
        CircuitBreakerSnapshot now = breaker.snapshot();
        return now.state() + " " + now.failed() + " " + now.probesSucceeded();
    }

    @Operation
    public CircuitBreakerState state() {
        return breaker.state();
    }

    @Operation
    public void waitForTheTimeout() {
        now.addAndGet(TIMEOUT.toNanos());
    }

    @Operation
    public void reset() {
        breaker.reset();
    }

    @Operation
    public void forceOpen() {
        breaker.forceOpen();
    }

    @Test
    void isLinearizableInAnyInterleaving() {
        Races.modelCheck(CircuitBreakerRaceTest.class);
    }

    @Test
    void isLinearizableOnRealThreads() {
        Races.stress(CircuitBreakerRaceTest.class);
    }
}
