package io.lynx.resilience;

import static io.lynx.resilience.CircuitBreakerState.CLOSED;
import static io.lynx.resilience.CircuitBreakerState.HALF_OPEN;
import static io.lynx.resilience.CircuitBreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitBreakerTest {
    private final ManualTime time = new ManualTime();

    private CircuitBreaker breaker(CircuitBreakerConfig.Builder config) {
        return CircuitBreaker.of("payments", config.build(), time);
    }

    private static CircuitBreakerConfig.Builder config() {
        return CircuitBreakerConfig.builder();
    }

    private static void fail(CircuitBreaker breaker) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> breaker.call(() -> {
                    throw new IOException("down");
                }));
    }

    @Test
    void callReturnsTheResultAndCountsIt() throws Exception {
        CircuitBreaker breaker = breaker(config());

        assertThat(breaker.call(() -> "done")).isEqualTo("done");

        assertThat(breaker.successes()).isEqualTo(1);
        assertThat(breaker.failures()).isZero();
    }

    @Test
    void callThrowsWhatTheCallThrew() {
        CircuitBreaker breaker = breaker(config().threshold(2));

        fail(breaker);
        fail(breaker);

        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.failures()).isEqualTo(2);
    }

    @Test
    void anErrorIsAFailure() {
        CircuitBreaker breaker = breaker(config().threshold(1));

        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> breaker.call(() -> {
                    throw new StackOverflowError();
                }));

        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void aRejectionNamesTheBreakerItsStateAndTheRemainingTime() {
        CircuitBreaker breaker = breaker(config().threshold(1).timeout(Duration.ofSeconds(60)));
        fail(breaker);
        time.advance(Duration.ofSeconds(19));

        assertThatThrownBy(breaker::acquire)
                .isInstanceOfSatisfying(CircuitBreakerOpenException.class, e -> {
                    assertThat(e.name()).isEqualTo("payments");
                    assertThat(e.state()).isEqualTo(OPEN);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(41));
                    assertThat(e.getStackTrace()).isEmpty();
                })
                .hasMessage("circuit breaker payments: open; probes in 41000ms");
        assertThat(breaker.rejections()).isEqualTo(1);
    }

    @Test
    void aRejectionByAHalfOpenOrForcedBreakerHasNoRemainingTime() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        fail(breaker);
        time.advance(Duration.ofSeconds(60));
        breaker.acquire();

        assertThatThrownBy(breaker::acquire)
                .isInstanceOfSatisfying(CircuitBreakerOpenException.class, e -> assertThat(e.retryAfter())
                        .isEmpty())
                .hasMessage("circuit breaker payments: half_open; all its probes are in flight");
        breaker.forceOpen();
        assertThatThrownBy(() -> breaker.call(() -> "not made"))
                .isInstanceOfSatisfying(CircuitBreakerOpenException.class, e -> assertThat(e.retryAfter())
                        .isEmpty())
                .hasMessage("circuit breaker payments: open; until an operator closes it");
    }

    @Test
    void closingAnUnresolvedPermitIgnoresTheCall() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        fail(breaker);
        time.advance(Duration.ofSeconds(60));

        try (Permit permit = breaker.acquire()) {
            assertThat(breaker.snapshot().probesInFlight()).isEqualTo(1);
            assertThat(permit).isNotNull();
        }

        assertThat(breaker.snapshot().probesInFlight()).isZero();
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void cancellationsAndRejectionsDoNotCount() {
        CircuitBreaker breaker = breaker(config().threshold(1));
        List<Throwable> ignored = List.of(
                new InterruptedException(),
                new CancellationException(),
                new ClosedByInterruptException(),
                new BulkheadFullException("b", 1, Duration.ZERO),
                new CircuitBreakerOpenException("inner", OPEN, 0),
                new ExecutionException(new InterruptedException()),
                new CompletionException(new ExecutionException(new CancellationException())));

        ignored.forEach(failure -> breaker.acquire().failure(failure));

        assertThat(breaker.state()).isEqualTo(CLOSED);
        assertThat(breaker.failures()).isZero();
        breaker.acquire().failure(new SocketTimeoutException());
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    /** Its own cause. */
    private static final class Endless extends ExecutionException {
        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    @Test
    void aCycleOfCausesEnds() {
        CircuitBreaker breaker = breaker(config().threshold(1));

        breaker.acquire().failure(new Endless());

        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void thePredicateSeesTheCauseInsideWrappers() {
        IOException cause = new IOException("down");
        List<Throwable> wrappers = List.of(
                new CompletionException(cause),
                new ExecutionException(new CompletionException(cause)),
                new UndeclaredThrowableException(cause),
                new InvocationTargetException(cause));
        List<Throwable> seen = new ArrayList<>();
        CircuitBreaker breaker = breaker(config().failureWhen(failure -> {
            seen.add(failure);
            return false;
        }));

        wrappers.forEach(wrapper -> breaker.acquire().failure(wrapper));

        assertThat(seen).hasSize(4).allSatisfy(failure -> assertThat(failure).isSameAs(cause));
        assertThat(breaker.successes()).isEqualTo(4);
    }

    @Test
    void aPredicateThatThrowsDoesNotWedgeAHalfOpenBreaker() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1).failureWhen(_ -> {
            throw new StackOverflowError("broken predicate");
        }));
        fail(breaker);
        time.advance(Duration.ofSeconds(60));

        fail(breaker);

        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.snapshot().probesInFlight()).isZero();
    }

    @Test
    void anOutcomeOfAnAsynchronousCallCountsWhenItsStageCompletes() {
        CircuitBreaker breaker = breaker(config().threshold(2));
        CompletableFuture<String> pending = new CompletableFuture<>();
        CompletableFuture<String> called = breaker.callAsync(() -> pending).toCompletableFuture();
        assertThat(breaker.successes()).isZero();

        pending.complete("done");
        assertThat(called).isCompletedWithValue("done");
        assertThat(breaker.successes()).isEqualTo(1);

        var _ = breaker.callAsync(() -> CompletableFuture.failedFuture(new IOException("down")));
        CompletableFuture<Object> thrown = breaker.callAsync(() -> {
                    throw new IOException("not even started");
                })
                .toCompletableFuture();
        assertThat(thrown.exceptionNow()).hasMessage("not even started");
        assertThat(breaker.state()).isEqualTo(OPEN);
        assertThat(breaker.callAsync(() -> pending).toCompletableFuture().exceptionNow())
                .isInstanceOf(CircuitBreakerOpenException.class);
        assertThat(breaker.rejections()).isEqualTo(1);
    }

    @Test
    void jitterShortensTheOpenTime() {
        CircuitBreakers breakers = CircuitBreakers.builder(
                        config().threshold(1).jitter(.5).build())
                .ticker(time)
                .random(() -> .5)
                .build();
        CircuitBreaker breaker = breakers.get("payments");
        fail(breaker);

        time.advance(Duration.ofSeconds(45).minusNanos(1));
        assertThat(breaker.state()).isEqualTo(OPEN);
        time.advance(Duration.ofNanos(1));
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void thePredicateDecidesWhatIsAFailure() {
        CircuitBreaker breaker = breaker(config().threshold(1).failureWhen(IOException.class::isInstance));

        breaker.acquire().failure(new IllegalArgumentException());
        assertThat(breaker.state()).isEqualTo(CLOSED);
        breaker.acquire().failure(new IOException());
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void aPredicateThatThrowsCountsAsAFailure() {
        CircuitBreaker breaker = breaker(config().threshold(1).failureWhen(_ -> {
            throw new NoClassDefFoundError("broken predicate");
        }));

        fail(breaker);

        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void eachFailedRoundOfProbesLengthensTheTimeout() {
        CircuitBreaker breaker = breaker(config().threshold(1)
                .timeout(Duration.ofSeconds(10))
                .growth(2)
                .maxTimeout(Duration.ofSeconds(25))
                .halfOpenLimit(1));
        fail(breaker);
        List<Duration> timeouts = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            Duration timeout = breaker.snapshot().retryAfter().orElseThrow();
            timeouts.add(timeout);
            time.advance(timeout);
            fail(breaker);
        }

        assertThat(timeouts).extracting(Duration::toSeconds).containsExactly(10L, 20L, 25L, 25L);
        time.advance(Duration.ofSeconds(25));
        breaker.acquire().success();
        fail(breaker);
        assertThat(breaker.snapshot().retryAfter()).contains(Duration.ofSeconds(10));
    }

    @Test
    void aSnapshotDoesNotMoveABreakerWhoseTimeIsOver() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        fail(breaker);
        time.advance(Duration.ofMinutes(5));

        assertThat(breaker.snapshot())
                .returns(OPEN, CircuitBreakerSnapshot::state)
                .returns(Optional.of(Duration.ZERO), CircuitBreakerSnapshot::retryAfter);
        assertThat(breaker.transitions(OPEN, HALF_OPEN)).isZero();

        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(breaker.snapshot())
                .returns(HALF_OPEN, CircuitBreakerSnapshot::state)
                .returns(Optional.empty(), CircuitBreakerSnapshot::retryAfter);
    }

    @Test
    void aSnapshotDoesNotGiveUpProbesThatTakeTooLong() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        fail(breaker);
        time.advance(Duration.ofSeconds(60));
        Permit probe = breaker.acquire();
        time.advance(Duration.ofMinutes(5));

        assertThat(breaker.snapshot().probesInFlight()).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
        assertThat(breaker.snapshot().probesInFlight())
                .as("a read of the state begins another round")
                .isZero();
        probe.close();
    }

    @Test
    void slowCallsOpenIt() {
        CircuitBreaker breaker = breaker(config().window(new WindowConfig.Count(
                4, WindowConfig.Limits.of(4, 1).withSlowCalls(Duration.ofSeconds(1), .5))));

        for (int millis : new int[] {1_000, 10, 999}) {
            Permit permit = breaker.acquire();
            time.advance(Duration.ofMillis(millis));
            permit.success();
        }
        assertThat(breaker.state()).isEqualTo(CLOSED);
        assertThat(breaker.snapshot().slow()).isEqualTo(1);
        Permit permit = breaker.acquire();
        time.advance(Duration.ofSeconds(5));
        permit.success();

        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void manualModesHoldUntilReset() {
        CircuitBreaker breaker = breaker(config().threshold(1));

        breaker.forceOpen();
        time.advance(Duration.ofDays(1));
        assertThat(breaker.tryAcquire()).isNull();
        assertThat(breaker.snapshot())
                .returns(OPEN, CircuitBreakerSnapshot::state)
                .returns(CircuitBreakerMode.FORCED_OPEN, CircuitBreakerSnapshot::mode)
                .returns(Optional.empty(), CircuitBreakerSnapshot::retryAfter);

        breaker.disable();
        fail(breaker);
        fail(breaker);
        assertThat(breaker.failures()).isZero();
        assertThat(breaker).hasToString("payments: closed (disabled)");

        breaker.metricsOnly();
        fail(breaker);
        fail(breaker);
        assertThat(breaker.failures()).isEqualTo(2);
        assertThat(breaker.snapshot().failed()).isEqualTo(2);
        assertThat(breaker.state()).isEqualTo(CLOSED);

        breaker.reset();
        assertThat(breaker.mode()).isEqualTo(CircuitBreakerMode.AUTOMATIC);
        assertThat(breaker.snapshot().failed()).isZero();
        fail(breaker);
        assertThat(breaker.state()).isEqualTo(OPEN);
    }

    @Test
    void resultsFromBeforeAManualModeDoNotCount() {
        CircuitBreaker breaker = breaker(config().threshold(1));
        Permit early = breaker.acquire();

        breaker.reset();
        early.failure(new IOException());

        assertThat(breaker.state()).isEqualTo(CLOSED);
        assertThat(breaker.failures()).isEqualTo(1);
    }

    @Test
    void eventsDescribeEachTransition() {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        List<CircuitBreakerEvent> events = new ArrayList<>();
        Registration listener = breaker.addListener("test", events::add);
        IOException cause = new IOException("down");

        breaker.acquire().failure(cause);
        breaker.tryAcquire();
        time.advance(Duration.ofSeconds(60));
        breaker.acquire().success();
        listener.close();

        Optional<Duration> minute = Optional.of(Duration.ofSeconds(60));
        assertThat(events)
                .containsExactly(
                        new CircuitBreakerEvent.CallFailed("payments", cause),
                        new CircuitBreakerEvent.StateChanged(
                                "payments", 1, CLOSED, OPEN, CircuitBreakerMode.AUTOMATIC, minute, "1 failure", cause),
                        new CircuitBreakerEvent.CallRejected("payments", OPEN),
                        new CircuitBreakerEvent.StateChanged(
                                "payments",
                                2,
                                OPEN,
                                HALF_OPEN,
                                CircuitBreakerMode.AUTOMATIC,
                                Optional.empty(),
                                "the open time is over",
                                null),
                        new CircuitBreakerEvent.StateChanged(
                                "payments",
                                3,
                                HALF_OPEN,
                                CLOSED,
                                CircuitBreakerMode.AUTOMATIC,
                                Optional.empty(),
                                "1 probe succeeded",
                                null));
        assertThat(breaker.transitions(CLOSED, OPEN)).isEqualTo(1);
        assertThat(breaker.transitions(HALF_OPEN, OPEN)).isZero();
    }

    @Test
    void aListenerThatThrowsAffectsNeitherCallsNorOtherListeners() throws Exception {
        CircuitBreaker breaker = breaker(config().threshold(1).halfOpenLimit(1));
        List<CircuitBreakerEvent> events = new ArrayList<>();
        var _ = breaker.addListener("broken", _ -> {
            throw new StackOverflowError("broken listener");
        });
        var _ = breaker.addListener("test", events::add);

        fail(breaker);
        time.advance(Duration.ofSeconds(60));

        assertThat(breaker.call(() -> "done")).isEqualTo("done");
        assertThat(events).hasSize(4);
    }

    @Test
    void aListenerMayUseTheBreaker() {
        CircuitBreaker breaker = breaker(config().threshold(1));
        var _ = breaker.addListener("test", event -> {
            if (event instanceof CircuitBreakerEvent.StateChanged change && change.to() == OPEN) {
                breaker.reset();
            }
        });

        fail(breaker);

        assertThat(breaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void aClockThatGoesBackDelaysItByOneTimeoutAtMost() {
        AtomicLong clock = new AtomicLong(Duration.ofDays(2).toNanos());
        CircuitBreaker breaker = CircuitBreaker.of(
                "payments", config().threshold(1).halfOpenLimit(1).build(), clock::get);
        breaker.acquire().failure(new IOException());

        clock.addAndGet(-Duration.ofDays(1).toNanos());
        assertThat(breaker.state()).isEqualTo(OPEN);
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(breaker.state()).isEqualTo(HALF_OPEN);

        breaker.acquire();
        clock.addAndGet(-Duration.ofHours(1).toNanos());
        assertThat(breaker.tryAcquire()).isNull();
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(breaker.tryAcquire()).isNotNull();
    }

    @Test
    void aClockThatOverflowsHasNoEffect() {
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
        CircuitBreaker breaker =
                CircuitBreaker.of("payments", config().threshold(1).build(), clock::get);

        breaker.acquire().failure(new IOException());
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(breaker.state()).isEqualTo(OPEN);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(breaker.state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void consecutiveModeReadsNoClockWhileClosed() throws Exception {
        AtomicLong readings = new AtomicLong();
        CircuitBreaker breaker = CircuitBreaker.of("payments", config().build(), () -> readings.getAndIncrement());

        for (int i = 0; i < 100; i++) {
            breaker.call(() -> "done");
            breaker.acquire().success();
        }
        breaker.acquire().failure(new IOException());

        assertThat(readings).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "наша/служба", "a\u0000b\nc", "\uD800", "{}\"\\", "🐈"})
    void anyCharacterMayBeInAName(String name) {
        CircuitBreaker breaker = CircuitBreaker.of(name, CircuitBreakerConfig.defaults(), time);

        assertThat(breaker.name()).isEqualTo(name);
        assertThat(breaker).hasToString(name + ": closed");
    }

    @Test
    void aNameMustNotBeEmptyOrTooLong() {
        assertThatThrownBy(() -> CircuitBreaker.of("", CircuitBreakerConfig.defaults()))
                .hasMessage("circuit breaker name: 0 characters; allowed is 1 to 200");
        assertThatThrownBy(() -> CircuitBreaker.of("n".repeat(201), CircuitBreakerConfig.defaults()))
                .hasMessage("circuit breaker name: 201 characters; allowed is 1 to 200");
    }
}
