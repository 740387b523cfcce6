package io.lynx.benchmarks.resilience;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Permit;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures a rejection by an open breaker whose timeout is far off, including its exception. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OpenBreakerBenchmark {
    private static final Duration LONG = Duration.ofHours(1);

    private final Callable<Object> callable = Object::new;
    private final CircuitBreaker lynx = CircuitBreaker.of(
            "open", CircuitBreakerConfig.builder().threshold(1).timeout(LONG).build());
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4j = r4j(true);
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker r4jStackless = r4j(false);
    private final dev.failsafe.CircuitBreaker<Object> failsafe =
            dev.failsafe.CircuitBreaker.builder().withDelay(LONG).build();
    private final FailsafeExecutor<Object> failsafeExecutor = Failsafe.with(failsafe);

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker r4j(boolean stackTrace) {
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "open",
                io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.custom()
                        .waitDurationInOpenState(LONG)
                        .writableStackTraceEnabled(stackTrace)
                        .build());
    }

    /** Opens all breakers. */
    @Setup
    public void open() {
        lynx.acquire().failure(new IllegalStateException());
        r4j.transitionToOpenState();
        r4jStackless.transitionToOpenState();
        failsafe.open();
    }

    @Benchmark
    public Object lynxCall() throws Exception {
        try {
            return lynx.call(callable);
        } catch (CircuitBreakerOpenException e) {
            return e;
        }
    }

    @Benchmark
    public @Nullable Permit lynxTryAcquire() {
        return lynx.tryAcquire();
    }

    @Benchmark
    public Object resilience4jCall() throws Exception {
        return call(r4j);
    }

    @Benchmark
    public Object resilience4jStacklessCall() throws Exception {
        return call(r4jStackless);
    }

    private Object call(io.github.resilience4j.circuitbreaker.CircuitBreaker breaker) throws Exception {
        try {
            return breaker.executeCallable(callable);
        } catch (CallNotPermittedException e) {
            return e;
        }
    }

    @Benchmark
    public boolean resilience4jTryAcquire() {
        return r4j.tryAcquirePermission();
    }

    @Benchmark
    public Object failsafeCall() {
        try {
            return failsafeExecutor.get(callable::call);
        } catch (dev.failsafe.CircuitBreakerOpenException e) {
            return e;
        }
    }

    @Benchmark
    public boolean failsafeTryAcquire() {
        return failsafe.tryAcquirePermit();
    }
}
