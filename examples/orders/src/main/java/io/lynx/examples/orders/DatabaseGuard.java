package io.lynx.examples.orders;

import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Permit;
import io.lynx.resilience.Retry;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;

/**
 * Calls the database through its circuit breaker. Only failures to reach the database count against the breaker: a
 * database that rejects a row works. A call that the database rolled back had no effect, and is made again.
 * Thread-safe.
 */
final class DatabaseGuard {
    private static final String CANNOT_CONNECT = "08001";

    private final CircuitBreaker breaker;
    private final Retry retry;

    /** A call to the database. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws SQLException;
    }

    DatabaseGuard(CircuitBreaker breaker) {
        this.breaker = breaker;
        this.retry = Retry.builder()
                .name(breaker.name())
                .retryWhen(DatabaseErrors::isRolledBack)
                .build();
    }

    /** Returns the retry, which reports its metrics. */
    Retry retry() {
        return retry;
    }

    /** Returns a guard that lets every call through. */
    static DatabaseGuard none() {
        CircuitBreaker disabled = CircuitBreaker.of("none", CircuitBreakerConfig.defaults());
        disabled.disable();
        return new DatabaseGuard(disabled);
    }

    /**
     * Makes a call.
     *
     * @throws SQLTransientConnectionException if the breaker refuses it, with the refusal as its cause
     */
    <T> T call(Call<T> call) throws SQLException {
        try {
            return retry.call(() -> attempt(call));
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientException("interrupted while waiting for another attempt", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T attempt(Call<T> call) throws SQLException {
        try (Permit permit = breaker.acquire()) {
            try {
                T result = call.run();
                permit.success();
                return result;
            } catch (SQLException e) {
                if (DatabaseErrors.isUnavailable(e)) {
                    permit.failure(e);
                } else {
                    permit.success();
                }
                throw e;
            }
        } catch (CircuitBreakerOpenException refused) {
            throw new SQLTransientConnectionException(refused.getMessage(), CANNOT_CONNECT, refused);
        }
    }
}
