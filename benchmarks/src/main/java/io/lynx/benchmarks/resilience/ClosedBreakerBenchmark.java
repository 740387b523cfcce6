package io.lynx.benchmarks.resilience;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Permit;
import io.lynx.resilience.WindowConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures what a closed breaker adds to a call that succeeds. Every library makes the same call through one breaker,
 * shared by all threads; {@code call} is its way to run a function, {@code permit} its way to ask first and report later.
 *
 * <p>Resilience4j has no mode for consecutive failures; a window as large as the threshold that opens when all of it
 * failed is the same thing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ClosedBreakerBenchmark {
    private static final int THRESHOLD = 5;
    private static final int MINIMUM_CALLS = 100;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final Object value = new Object();
    private final Callable<Object> callable = () -> value;

    private final CircuitBreaker consecutive = CircuitBreaker.of(
            "consecutive", CircuitBreakerConfig.builder().threshold(THRESHOLD).build());
    private final CircuitBreaker countWindow = CircuitBreaker.of(
            "count",
            CircuitBreakerConfig.builder()
                    .window(WindowConfig.count(MINIMUM_CALLS, .5))
                    .build());
    private final CircuitBreaker timeWindow = CircuitBreaker.of(
            "time",
            CircuitBreakerConfig.builder()
                    .window(WindowConfig.time(WINDOW, MINIMUM_CALLS, .5))
                    .build());
    private final CircuitBreaker timeWindowSlow = CircuitBreaker.of(
            "time-slow",
            CircuitBreakerConfig.builder()
                    .window(new WindowConfig.Time(
                            WINDOW, WindowConfig.Limits.of(MINIMUM_CALLS, .5).withSlowCalls(Duration.ofSeconds(1), .5)))
                    .build());

    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jConsecutive = r4j(
            SlidingWindowType.COUNT_BASED,
            THRESHOLD,
            THRESHOLD,
            100,
            SlidingWindowSynchronizationStrategy.SYNCHRONIZED);
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jConsecutiveLockFree = r4j(
            SlidingWindowType.COUNT_BASED, THRESHOLD, THRESHOLD, 100, SlidingWindowSynchronizationStrategy.LOCK_FREE);
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jCount = r4j(
            SlidingWindowType.COUNT_BASED,
            MINIMUM_CALLS,
            MINIMUM_CALLS,
            50,
            SlidingWindowSynchronizationStrategy.SYNCHRONIZED);
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jTime = r4j(
            SlidingWindowType.TIME_BASED,
            (int) WINDOW.toSeconds(),
            MINIMUM_CALLS,
            50,
            SlidingWindowSynchronizationStrategy.SYNCHRONIZED);
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jTimeLockFree = r4j(
            SlidingWindowType.TIME_BASED,
            (int) WINDOW.toSeconds(),
            MINIMUM_CALLS,
            50,
            SlidingWindowSynchronizationStrategy.LOCK_FREE);

    private final dev.failsafe.CircuitBreaker<Object> failsafeConsecutive = dev.failsafe.CircuitBreaker.builder()
            .withFailureThreshold(THRESHOLD)
            .build();
    private final dev.failsafe.CircuitBreaker<Object> failsafeTime = dev.failsafe.CircuitBreaker.builder()
            .withFailureRateThreshold(50, MINIMUM_CALLS, WINDOW)
            .build();
    private final FailsafeExecutor<Object> failsafeConsecutiveExecutor = Failsafe.with(failsafeConsecutive);
    private final FailsafeExecutor<Object> failsafeTimeExecutor = Failsafe.with(failsafeTime);

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker r4j(
            SlidingWindowType type,
            int size,
            int minimumCalls,
            float rate,
            SlidingWindowSynchronizationStrategy synchronization) {
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "r4j",
                io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.custom()
                        .slidingWindow(size, minimumCalls, type, synchronization)
                        .failureRateThreshold(rate)
                        .build());
    }

    /** Makes the call without a breaker. */
    @Benchmark
    public Object baseline() throws Exception {
        return callable.call();
    }

    /** Reads the clock once. */
    @Benchmark
    public long baselineClock() {
        return System.nanoTime();
    }

    @Benchmark
    public Object lynxConsecutiveCall() throws Exception {
        return consecutive.call(callable);
    }

    @Benchmark
    public Object lynxConsecutivePermit() throws Exception {
        return permit(consecutive);
    }

    @Benchmark
    public Object lynxCountCall() throws Exception {
        return countWindow.call(callable);
    }

    @Benchmark
    public Object lynxTimeCall() throws Exception {
        return timeWindow.call(callable);
    }

    @Benchmark
    public Object lynxTimePermit() throws Exception {
        return permit(timeWindow);
    }

    @Benchmark
    public Object lynxTimeSlowCall() throws Exception {
        return timeWindowSlow.call(callable);
    }

    @Benchmark
    public Object lynxTimeSlowPermit() throws Exception {
        return permit(timeWindowSlow);
    }

    private Object permit(CircuitBreaker breaker) throws Exception {
        try (Permit permit = breaker.acquire()) {
            Object result = callable.call();
            permit.success();
            return result;
        }
    }

    @Benchmark
    public Object resilience4jConsecutiveCall() throws Exception {
        return r4jConsecutive.executeCallable(callable);
    }

    @Benchmark
    public Object resilience4jConsecutiveLockFreeCall() throws Exception {
        return r4jConsecutiveLockFree.executeCallable(callable);
    }

    @Benchmark
    public Object resilience4jConsecutivePermit() throws Exception {
        return permit(r4jConsecutive);
    }

    @Benchmark
    public Object resilience4jCountCall() throws Exception {
        return r4jCount.executeCallable(callable);
    }

    @Benchmark
    public Object resilience4jTimeCall() throws Exception {
        return r4jTime.executeCallable(callable);
    }

    @Benchmark
    public Object resilience4jTimeLockFreeCall() throws Exception {
        return r4jTimeLockFree.executeCallable(callable);
    }

    private Object permit(io.github.resilience4j.circuitbreaker.CircuitBreaker breaker) throws Exception {
        breaker.acquirePermission();
        long start = breaker.getCurrentTimestamp();
        Object result = callable.call();
        breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
        return result;
    }

    @Benchmark
    public Object failsafeConsecutiveCall() {
        return failsafeConsecutiveExecutor.get(callable::call);
    }

    @Benchmark
    public Object failsafeConsecutivePermit() throws Exception {
        return permit(failsafeConsecutive);
    }

    @Benchmark
    public Object failsafeTimeCall() {
        return failsafeTimeExecutor.get(callable::call);
    }

    @Benchmark
    public Object failsafeTimePermit() throws Exception {
        return permit(failsafeTime);
    }

    private Object permit(dev.failsafe.CircuitBreaker<Object> breaker) throws Exception {
        breaker.acquirePermit();
        Object result = callable.call();
        breaker.recordSuccess();
        return result;
    }
}
