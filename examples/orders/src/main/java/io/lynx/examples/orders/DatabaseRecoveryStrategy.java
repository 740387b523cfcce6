package io.lynx.examples.orders;

import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconnects to the database: closes the connections of the pool, and runs a query through the circuit breaker until
 * that is closed. So the breaker closes even without requests for orders.
 */
record DatabaseRecoveryStrategy(
        String name, Duration timeout, Runnable evictConnections, DataSource database, CircuitBreaker breaker)
        implements RecoveryStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRecoveryStrategy.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Override
    public boolean canRecover(String errorType, ErrorSeverity severity) {
        return errorType.equals("database") && severity.compareTo(ErrorSeverity.MEDIUM) <= 0;
    }

    @Override
    public RecoveryOutcome recover(RecoveryContext context) throws Exception {
        while (true) {
            try {
                boolean _ = breaker.call(this::reconnect);
                if (breaker.state() == CircuitBreakerState.CLOSED) {
                    LOG.atInfo().addKeyValue("strategy", name).log("The database works again");
                    return RecoveryOutcome.recovered();
                }
            } catch (InterruptedException timeIsOver) {
                throw timeIsOver;
            } catch (Exception stillDown) {
                if (context.deadline().remaining().compareTo(PAUSE) <= 0) {
                    return RecoveryOutcome.failed(stillDown);
                }
            }
            context.pause(PAUSE);
        }
    }

    private boolean reconnect() throws SQLException {
        evictConnections.run();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        }
    }
}
