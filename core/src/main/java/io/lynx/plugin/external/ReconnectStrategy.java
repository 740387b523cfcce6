package io.lynx.plugin.external;

import io.lynx.health.Health;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the connections to a system and probes it until it answers and the circuit breaker is closed, so that the breaker closes even
 * without uses.
 */
final class ReconnectStrategy implements RecoveryStrategy {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(ExternalSystemPlugin.class);

    private final String id;
    private final SystemConnector<?, ?> connector;

    ReconnectStrategy(String id, SystemConnector<?, ?> connector) {
        this.id = id;
        this.connector = connector;
    }

    private CircuitBreaker breaker() {
        return connector.uses().breaker();
    }

    @Override
    public String name() {
        return id + "-reconnect";
    }

    @Override
    public boolean canRecover(String errorType, ErrorSeverity severity) {
        return severity.compareTo(ErrorSeverity.HIGH) <= 0;
    }

    @Override
    public RecoveryOutcome recover(RecoveryContext context) throws Exception {
        boolean wasDown = breaker().state() != CircuitBreakerState.CLOSED;
        while (true) {
            try {
                connector.evict();
                Health _ = connector.health();
                if (breaker().state() == CircuitBreakerState.OPEN) {
                    boolean _ = breaker().probeNow();
                }
                if (breaker().state() == CircuitBreakerState.CLOSED) {
                    if (wasDown) {
                        LOG.atInfo().addKeyValue("plugin", id).log("Plugin '{}' has reconnected", id);
                    }
                    return RecoveryOutcome.recovered();
                }
            } catch (InterruptedException timeIsOver) {
                throw timeIsOver;
            } catch (Exception stillDown) {
                wasDown = true;
                if (context.deadline().remaining().compareTo(PAUSE) <= 0) {
                    return RecoveryOutcome.failed(stillDown);
                }
            }
            context.pause(PAUSE);
        }
    }
}
