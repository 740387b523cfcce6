package io.lynx.resilience;

import static io.lynx.resilience.CircuitBreakerState.CLOSED;
import static io.lynx.resilience.CircuitBreakerState.HALF_OPEN;
import static io.lynx.resilience.CircuitBreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a breaker promises, one promise a test; the letters are those of {@link BreakerScript}. */
class CircuitBreakerBehaviourTest {
    private static CircuitBreakerConfig.Builder config() {
        return CircuitBreakerConfig.builder();
    }

    private static WindowConfig lastFour(double failureRate) {
        return WindowConfig.count(4, failureRate);
    }

    @Test
    void opensOnTheLastConsecutiveFailure() {
        BreakerScript script = new BreakerScript(config().threshold(6));

        script.play("FFFFF S FFFFF").isClosed();
        script.play("F").isOpen();
    }

    @Test
    void staysOpenUntilItsTimeoutIsOver() {
        BreakerScript script = new BreakerScript(config().threshold(1).timeout(Duration.ofSeconds(60)));

        script.play("F").advance(Duration.ofMillis(59_999)).play("R").isOpen();
        script.advance(Duration.ofMillis(1)).isHalfOpen();
    }

    @Test
    void countsFromZeroAfterEachTransition() {
        BreakerScript script = new BreakerScript(config().threshold(2).halfOpenLimit(1));

        assertThat(script.play("FF").breaker.snapshot().failed()).isZero();
        assertThat(script.play("~").breaker.snapshot().failed()).isZero();
        assertThat(script.play("S").breaker.snapshot().failed()).isZero();
        script.play("F").isClosed();
        script.play("F").isOpen();
    }

    @Test
    void opensWhenTheRateOfAFullWindowReachesTheLimit() {
        BreakerScript script = new BreakerScript(config().window(lastFour(.5)));

        script.play("SFSS").isClosed();
        script.play("F").isOpen();
    }

    @Test
    void opensOnASuccessThatFillsTheWindow() {
        BreakerScript script = new BreakerScript(config().window(lastFour(.5)));

        script.play("SFF").isClosed();
        script.play("S").isOpen();
    }

    @Test
    void opensAgainWhenAProbeFails() {
        BreakerScript script = new BreakerScript(config().window(lastFour(.75)).halfOpenLimit(3));

        script.play("FFFF R ~ SSF").isOpen();
        script.play("R");
    }

    @Test
    void closesWhenAllProbesSucceed() {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(3));

        script.play("F ~ SS").isHalfOpen();
        script.play("S").isClosed();
    }

    @Test
    void anExceptionThatIsNotAFailureClosesAHalfOpenBreaker() {
        BreakerScript script = new BreakerScript(config().threshold(1)
                .halfOpenLimit(3)
                .failureWhen(failure -> !(failure instanceof java.util.NoSuchElementException)));
        script.play("F ~");

        for (int i = 0; i < 3; i++) {
            script.admitted("answer 404").failure(new java.util.NoSuchElementException("404"));
        }

        script.isClosed();
        assertThat(script.breaker.successes()).isEqualTo(3);
        assertThat(script.breaker.failures()).isEqualTo(1);
    }

    @Test
    void anExceptionThatIsNotAFailureEndsARunOfFailures() {
        BreakerScript script = new BreakerScript(
                config().threshold(2).failureWhen(failure -> !(failure instanceof java.util.NoSuchElementException)));
        script.play("F").admitted("404").failure(new java.util.NoSuchElementException());

        script.play("F").isClosed();
    }

    @Test
    void slowProbesReopenAtTheSlowCallRate() {
        WindowConfig window =
                new WindowConfig.Count(4, WindowConfig.Limits.of(4, 1).withSlowCalls(Duration.ofSeconds(1), .6));
        BreakerScript script = new BreakerScript(config().window(window).halfOpenLimit(3));
        slowly(script, 4);
        script.isOpen();

        script.play("~");
        slowly(script, 1);
        script.isHalfOpen();
        slowly(script, 1);
        script.isOpen();

        script.play("~");
        slowly(script, 1);
        script.play("SS").isClosed();
    }

    @Test
    void aBreakerThatOpenedForSlowCallsStaysOpenWhileProbesAreSlow() {
        WindowConfig window =
                new WindowConfig.Count(4, WindowConfig.Limits.of(4, 1).withSlowCalls(Duration.ofSeconds(1), 1));
        BreakerScript script = new BreakerScript(config().window(window).halfOpenLimit(3));
        slowly(script, 4);

        for (int round = 0; round < 100; round++) {
            script.play("~");
            slowly(script, 3);
            script.isOpen();
        }
        assertThat(script.breaker.transitions(HALF_OPEN, CLOSED)).isZero();
    }

    /** Makes calls that succeed and take one second. */
    private static void slowly(BreakerScript script, int calls) {
        for (int i = 0; i < calls; i++) {
            Permit permit = script.admitted("slow call");
            script.advance(Duration.ofSeconds(1));
            permit.success();
        }
    }

    @Test
    void aRequestedProbeIsAcceptedBeforeTheTimeoutHasPassed() {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(1));
        assertThat(script.breaker.probeNow()).as("closed").isFalse();
        script.play("F R");

        assertThat(script.breaker.probeNow()).isTrue();
        assertThat(script.breaker.probeNow()).as("half-open").isFalse();

        script.isHalfOpen();
        script.play("F R");
        assertThat(script.breaker.probeNow()).isTrue();
        script.play("S").isClosed();
        script.breaker.forceOpen();
        assertThat(script.breaker.probeNow()).as("forced open").isFalse();
    }

    @Test
    void ignoredProbesReturnTheirPermits() {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(1));

        script.play("F ~ XXXXX").isHalfOpen();
        script.play("S").isClosed();
    }

    @Test
    void acceptsExactlyTheLimitOfProbesAfterTheTimeout() throws Exception {
        for (int limit : new int[] {1, 3}) {
            for (int round = 0; round < 200; round++) {
                BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(limit));
                script.play("F ~");

                List<Permit> admitted = inParallel(64, script.breaker::tryAcquire);

                assertThat(admitted).hasSize(limit);
                assertThat(script.breaker.transitions(OPEN, HALF_OPEN)).isEqualTo(1);
            }
        }
    }

    @Test
    void staleResultsChangeNothing() {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(2));
        List<CircuitBreakerEvent.StateChanged> changes = new ArrayList<>();
        var _ = script.breaker.addListener("test", event -> {
            if (event instanceof CircuitBreakerEvent.StateChanged change) {
                changes.add(change);
            }
        });
        Permit ofClosed = script.admitted("closed");
        script.play("F ~");
        Permit ofHalfOpen = script.admitted("half-open");
        Permit second = script.admitted("half-open");
        script.play("R");

        resolveManyTimes(ofClosed);
        script.play("R").isHalfOpen();
        second.failure(BreakerScript.failure());
        script.isOpen();
        script.advance(Duration.ofSeconds(59));
        resolveManyTimes(ofClosed);
        resolveManyTimes(ofHalfOpen);
        script.play("R").isOpen();
        script.advance(Duration.ofSeconds(1)).isHalfOpen();
        resolveManyTimes(ofClosed);
        resolveManyTimes(ofHalfOpen);
        resolveManyTimes(second);

        script.isHalfOpen();
        script.admitted("first of two");
        script.admitted("second of two");
        script.play("R");
        assertThat(changes)
                .extracting(CircuitBreakerEvent.StateChanged::to)
                .containsExactly(OPEN, HALF_OPEN, OPEN, HALF_OPEN);
    }

    private static void resolveManyTimes(Permit permit) {
        for (int i = 0; i < 10; i++) {
            permit.success();
            permit.failure(BreakerScript.failure());
            permit.ignore();
            permit.close();
        }
    }

    @Test
    void lostProbesAreReplacedAfterTheMaximumWait() {
        BreakerScript script =
                new BreakerScript(config().threshold(1).halfOpenLimit(3).halfOpenMaxWait(Duration.ofSeconds(10)));
        script.play("F ~");
        for (int i = 0; i < 3; i++) {
            script.admitted("to be lost");
        }

        script.advance(Duration.ofMillis(9_999)).play("R");
        script.advance(Duration.ofMillis(1)).play("SSS").isClosed();
    }

    @Test
    void aReadOfTheStateReplacesLostProbesToo() {
        BreakerScript script =
                new BreakerScript(config().threshold(1).halfOpenLimit(1).halfOpenMaxWait(Duration.ofSeconds(10)));
        script.play("F ~");
        script.admitted("to be lost");
        List<CircuitBreakerEvent> events = new ArrayList<>();
        var _ = script.breaker.addListener("test", events::add);

        script.advance(Duration.ofSeconds(10)).isHalfOpen();

        assertThat(events).containsExactly(new CircuitBreakerEvent.ProbesExpired("payments", 1));
        assertThat(script.breaker.snapshot().probesInFlight()).isZero();
    }

    @Test
    void aSlowTrickleOfProbesStillCloses() {
        BreakerScript script =
                new BreakerScript(config().threshold(1).halfOpenLimit(3).halfOpenMaxWait(Duration.ofSeconds(10)));
        script.play("F ~ S");

        script.advance(Duration.ofHours(1)).play("S");
        script.advance(Duration.ofHours(1)).play("S").isClosed();
    }

    @Test
    void theWallClockHasNoEffect() {
        BreakerScript script = new BreakerScript(config().threshold(1));
        script.play("F");

        script.time.jumpWallClock(Duration.ofHours(1));
        script.play("R").isOpen();
        script.time.jumpWallClock(Duration.ofHours(-2));
        script.play("R ~ SSS").isClosed();
    }

    @Test
    void rejectionsInsideAProbeReturnItsPermitWithoutAResult() throws Exception {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(1));
        Bulkhead full = Bulkhead.of("payments", 1, Duration.ZERO);
        RateLimiter used = RateLimiter.builder("payments", 1, Duration.ofDays(1))
                .ticker(script.time)
                .build();
        Policies bulkheaded =
                Policies.builder().circuitBreaker(script.breaker).bulkhead(full).build();
        Policies limited = Policies.builder()
                .circuitBreaker(script.breaker)
                .rateLimiter(used)
                .build();
        script.play("F ~");
        assertThat(used.tryAcquire()).isTrue();

        full.call(() -> {
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> bulkheaded.call(() -> "not made")).isInstanceOf(BulkheadFullException.class);
                assertThatThrownBy(() -> limited.call(() -> "not made")).isInstanceOf(RateLimitExceededException.class);
            }
            return "";
        });

        assertThat(script.breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(script.breaker.snapshot().probesInFlight()).isZero();
        assertThat(bulkheaded.call(() -> "made")).isEqualTo("made");
        assertThat(script.breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void recoversWithinTheTimeoutAfterAThousandLocalRejections() {
        BreakerScript script = new BreakerScript(config().threshold(1).halfOpenLimit(3));
        script.play("F");
        for (int i = 0; i < 1_000; i++) {
            script.play("R");
        }

        script.play("~").isHalfOpen();
        for (int i = 0; i < 1_000; i++) {
            script.admitted("probe").failure(new BulkheadFullException("payments", 1, Duration.ZERO));
        }

        script.play("SSS").isClosed();
    }

    @Test
    void countsOfManyThreadsAreExact() throws Exception {
        ManualTime time = new ManualTime();
        List<CircuitBreakerConfig> configs = List.of(
                config().threshold(1_000_000).build(),
                config().window(WindowConfig.count(10_000, 1)).build(),
                config().window(WindowConfig.time(Duration.ofMinutes(1), 1_000_000, 1))
                        .build());
        for (CircuitBreakerConfig config : configs) {
            CircuitBreaker breaker = CircuitBreaker.of("payments", config, time);

            inParallel(10, () -> {
                for (int i = 0; i < 10_000; i++) {
                    try (Permit permit = breaker.acquire()) {
                        if (i % 4 == 0) {
                            permit.failure(BreakerScript.failure());
                        } else {
                            permit.success();
                        }
                    }
                }
                return null;
            });

            assertThat(breaker.successes()).isEqualTo(75_000);
            assertThat(breaker.failures()).isEqualTo(25_000);
            if (config.window().orElse(null) instanceof WindowConfig.Time) {
                assertThat(breaker.snapshot().calls()).isEqualTo(100_000);
                assertThat(breaker.snapshot().failed()).isEqualTo(25_000);
            }
        }
    }

    /** Runs a task on many threads at once and returns what is not null of their results. */
    static <T> List<T> inParallel(int threads, Callable<@Nullable T> task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<@Nullable T> future : futures) {
                T result = future.get();
                if (result != null) {
                    results.add(result);
                }
            }
            return results;
        }
    }
}
