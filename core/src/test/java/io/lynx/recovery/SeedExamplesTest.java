package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification.Disposition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples of the guide; what stands between the snippet marks is shown there. */
class SeedExamplesTest {
    // snippet: strategy
    /** Connects to the database again. */
    record DatabaseRecoveryStrategy(String name, Duration timeout) implements RecoveryStrategy {
        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return errorType.equals("database") && severity.compareTo(ErrorSeverity.MEDIUM) <= 0;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws InterruptedException {
            context.pause(Duration.ofSeconds(2)); // connect again here; an interruption ends it
            return RecoveryOutcome.recovered();
        }
    }
    // end

    @Test
    void recordsAnErrorAndReturnsStatistics() {
        // snippet: record
        try (ErrorRecoveryManager errorRecoveryManager =
                ErrorRecoveryManager.builder().build()) {

            // Record error (automatically triggers recovery)
            errorRecoveryManager.recordError(
                    "database", // Error type
                    "connection timeout", // Error message
                    "mysql-plugin", // Component name
                    ErrorSeverity.MEDIUM, // Error severity
                    Map.of("timeout", "5s", "retries", 3)); // Context information

            // Get error statistics
            ErrorStats stats = errorRecoveryManager.errorStats();
            System.out.println("Error statistics: " + stats);

            // Check health status
            if (!errorRecoveryManager.isHealthy()) {
                System.out.println("System is unhealthy");
            }
            // end

            assertThat(stats.errorCounts()).containsExactly(Map.entry("database", 1L));
            assertThat(stats.recentErrors()).singleElement().satisfies(error -> {
                assertThat(error.component()).isEqualTo("mysql-plugin");
                assertThat(error.message()).isEqualTo("connection timeout");
                assertThat(error.context()).isEqualTo(Map.of("timeout", "5s", "retries", 3));
            });
            assertThat(errorRecoveryManager.isHealthy()).isTrue();
        }
    }

    @Test
    void customStrategyRecovers() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            ErrorRecoveryManager errorRecoveryManager = fixture.manager;
            CompletableFuture<RecoveryRecord> done = new CompletableFuture<>();
            fixture.manager.addListener("done", event -> {
                if (event instanceof RecoveryEvent.RecoveryFinished(RecoveryRecord recovery)) {
                    done.complete(recovery);
                }
            });

            // snippet: register
            RecoveryStrategy customStrategy = new DatabaseRecoveryStrategy("database-recovery", Duration.ofSeconds(10));
            errorRecoveryManager.registerRecoveryStrategy("database", customStrategy);
            // end
            fixture.error("mysql-plugin", ErrorSeverity.MEDIUM);
            fixture.await(RecoveryEvent.RecoveryStarted.class);
            RecoveryFixture.eventually(() -> fixture.time.pending() == 2); // the timeout and the pause
            fixture.time.advance(Duration.ofSeconds(2));

            RecoveryRecord recovery = done.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(recovery.result()).isEqualTo(RecoveryRecord.Result.RECOVERED);
            assertThat(recovery.strategy()).isEqualTo("database-recovery");
            assertThat(recovery.duration()).isEqualTo(Duration.ofSeconds(2));
            assertThat(errorRecoveryManager.recentErrors(1).getFirst().recovered())
                    .isTrue();
        }
    }

    @Test
    void customStrategyLeavesSevereErrorsToTheDefaults() {
        RecoveryStrategy strategy = new DatabaseRecoveryStrategy("database-recovery", Duration.ofSeconds(10));

        assertThat(strategy.canRecover("database", ErrorSeverity.MEDIUM)).isTrue();
        assertThat(strategy.canRecover("database", ErrorSeverity.HIGH)).isFalse();
        assertThat(strategy.canRecover("network", ErrorSeverity.LOW)).isFalse();
    }

    @Test
    void componentBringsItsOwnRecovery() {
        try (RecoveryFixture fixture = new RecoveryFixture()) {
            Pool pool = new Pool();
            ErrorRecoveryManager errorRecoveryManager = fixture.manager;

            // snippet: component
            errorRecoveryManager.registerComponent(
                    "mysql-plugin",
                    ComponentRecovery.builder()
                            .retry(_ -> pool.reconnect())
                            .fallback(_ -> pool.useReplica())
                            .probe(pool::health)
                            .required()
                            .build());
            // end
            fixture.error("mysql-plugin", ErrorSeverity.MEDIUM);

            assertThat(fixture.finished().result()).isEqualTo(RecoveryRecord.Result.RECOVERED);
            assertThat(pool.isConnected).isTrue();
        }
    }

    @Test
    void applicationRulesClassifyExceptions() {
        // snippet: rules
        ErrorClassifier classifier = ErrorClassifier.builder()
                .rule(
                        LicenceExpiredException.class,
                        Classification.of(ErrorCategory.CONFIGURATION, ErrorSeverity.HIGH, Disposition.PERMANENT))
                .build();
        // end

        assertThat(classifier.classify(new LicenceExpiredException()).category())
                .isEqualTo(ErrorCategory.CONFIGURATION);
    }

    private static final class LicenceExpiredException extends RuntimeException {}

    private static final class Pool {
        private volatile boolean isConnected;

        void reconnect() {
            isConnected = true;
        }

        void useReplica() {
            isConnected = false;
        }

        io.lynx.health.Health health() {
            return isConnected ? io.lynx.health.Health.up() : io.lynx.health.Health.down("not connected");
        }
    }
}
