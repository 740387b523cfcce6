package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.ManualTime;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The breaker around the database, and the way back. */
class DatabaseRecoveryTest {
    private static final CircuitBreakerConfig TWO_FAILURES = CircuitBreakerConfig.builder()
            .threshold(2)
            .timeout(Duration.ofSeconds(2))
            .halfOpenLimit(2)
            .build();

    private final ManualTime time = new ManualTime();

    @AutoClose
    private final MemoryDatabase database = new MemoryDatabase();

    private final FaultSwitch fault = new FaultSwitch(_ -> {});
    private final FaultyDataSource faulty = new FaultyDataSource(database, fault);
    private final CircuitBreaker breaker = CircuitBreaker.of("orders.database", TWO_FAILURES, time);
    private final OrderRepository orders =
            new OrderRepository(faulty, Duration.ofSeconds(5), new DatabaseGuard(breaker), MeasuredQueries.unseen());
    private final AtomicInteger evictions = new AtomicInteger();
    private final DatabaseRecoveryStrategy strategy = new DatabaseRecoveryStrategy(
            "database-recovery", Duration.ofSeconds(10), evictions::incrementAndGet, faulty, breaker);

    /** Time passes only while the strategy pauses; the fault is lifted when the pauses are over. */
    private RecoveryOutcome recoverAfter(int pauses) throws Exception {
        Deadline deadline = Deadline.after(strategy.timeout(), time);
        AtomicInteger left = new AtomicInteger(pauses);
        return strategy.recover(new RecoveryContext() {
            @Override
            public ErrorRecord record() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Deadline deadline() {
                return deadline;
            }

            @Override
            public void pause(Duration duration) {
                time.advance(duration);
                if (left.decrementAndGet() == 0) {
                    fault.set(DatabaseFault.UP);
                }
            }
        });
    }

    private void goDown() {
        fault.set(DatabaseFault.DOWN);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> orders.find(1)).hasMessage("the database is switched off");
        }
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);
    }

    @Test
    void anOpenBreakerIsADatabaseThatIsUnavailable() {
        goDown();

        assertThatThrownBy(() -> orders.page(0, 10))
                .isInstanceOf(SQLException.class)
                .hasCauseInstanceOf(CircuitBreakerOpenException.class)
                .satisfies(refused -> assertThat(DatabaseErrors.isUnavailable((SQLException) refused))
                        .isTrue());
    }

    @Test
    void aRowThatIsRefusedDoesNotCountAgainstTheDatabase() {
        DatabaseGuard guard = new DatabaseGuard(breaker);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> guard.call(() -> {
                        throw new SQLException("duplicate", "23505");
                    }))
                    .hasMessage("duplicate");
        }

        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.CLOSED);
        assertThat(breaker.failures()).isZero();
    }

    @Test
    void theStrategyClosesTheBreakerByItsProbes() throws Exception {
        goDown();

        RecoveryOutcome outcome = recoverAfter(6);

        assertThat(outcome).isEqualTo(RecoveryOutcome.recovered());
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.CLOSED);
        assertThat(evictions).hasPositiveValue();
        assertThat(orders.find(1)).isEmpty();
    }

    @Test
    void theStrategyFailsWhenItsTimeIsOver() throws Exception {
        goDown();

        RecoveryOutcome outcome = recoverAfter(Integer.MAX_VALUE);

        assertThat(outcome).isInstanceOf(RecoveryOutcome.Failed.class);
        assertThat(time.nanos()).isLessThanOrEqualTo(strategy.timeout().toNanos());
    }

    @Test
    void theStrategyHandlesErrorsOfTheDatabaseUpToMediumSeverity() {
        assertThat(strategy.canRecover("database", ErrorSeverity.MEDIUM)).isTrue();
        assertThat(strategy.canRecover("database", ErrorSeverity.HIGH)).isFalse();
        assertThat(strategy.canRecover("network", ErrorSeverity.LOW)).isFalse();
    }

    @Test
    void theHealthCheckIsAProbeOfTheBreaker() throws Exception {
        DatabasePlugin plugin = new DatabasePlugin();
        try (RecordingContext context = RecordingContext.of(plugin.descriptor(), time)
                        .config(new DatabaseConfig(
                                database.url(),
                                "",
                                "",
                                3,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5)));
                ErrorRecoveryManager recovery = ErrorRecoveryManager.builder()
                        .ticker(time)
                        .scheduler(time)
                        .build()) {
            context.share(ErrorRecoveryManager.KEY, recovery);
            plugin.start(context);
            CircuitBreaker shared = context.breakers().get(DatabasePlugin.ID);
            for (int i = 0; i < 5; i++) {
                shared.acquire().failure(new SQLException("away", "08001"));
            }

            assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
            assertThat(shared.probeNow()).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(plugin.health().status()).isEqualTo(HealthStatus.UP);
            }

            assertThat(shared.state()).isEqualTo(CircuitBreakerState.CLOSED);
        }
    }
}
