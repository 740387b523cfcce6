package io.lynx.app.telemetry;

import io.lynx.health.CheckReport;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorStats.HealthReport;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.CircuitBreakers;
import java.util.Collection;

/**
 * The health of an application as one number from 0 to 100: at least 50 while it is ready for requests, below 50 while
 * it is not, and 100 if it has no problems. Within each half, the number is higher the more checks pass, the more
 * circuit breakers are closed and the fewer errors there are:
 * <pre>
 *   works = 0.6 × checks + 0.2 × breakers + 0.2 × errors            0 to 1
 *   score = ready ? 50 + 50 × works : 49 × works
 *
 *   checks    share of the checks that are UP, CRITICAL ones weighing 4, DEGRADING 2, INFO 1; a DEGRADED one counts half;
 *             one without a result does not count
 *   breakers  share of the circuit breakers that are closed; a half-open one counts half
 *   errors    1 − errors of the worst type in the error window ÷ error_threshold, not below 0
 * </pre>
 * It is computed at each reading. Thread-safe.
 */
final class HealthScore {
    private static final double CHECKS = 0.6;
    private static final double BREAKERS = 0.2;
    private static final double ERRORS = 0.2;

    private final HealthMonitor health;
    private final CircuitBreakers breakers;
    private final ErrorRecoveryManager recovery;

    HealthScore(HealthMonitor health, CircuitBreakers breakers, ErrorRecoveryManager recovery) {
        this.health = health;
        this.breakers = breakers;
        this.recovery = recovery;
    }

    double now() {
        HealthSnapshot snapshot = health.snapshot();
        HealthReport report = recovery.healthReport();
        long worst = report.errorStats().window().counts().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        double errors = worst == 0 ? 1 : Math.max(0, 1 - worst / (double) Math.max(1, report.errorThreshold()));
        double works = CHECKS * checks(snapshot) + BREAKERS * breakers(breakers.all()) + ERRORS * errors;
        HealthStatus readiness = snapshot.status(Group.READINESS);
        boolean isReady = readiness == HealthStatus.UP || readiness == HealthStatus.DEGRADED;
        return isReady ? 50 + 50 * works : 49 * works;
    }

    private static double checks(HealthSnapshot snapshot) {
        double all = 0;
        double well = 0;
        for (CheckReport check : snapshot.checks()) {
            if (check.enabled() && (!check.isPending() || check.stale())) {
                int weight = weight(check);
                all += weight;
                well += weight * wellness(check.status());
            }
        }
        return all == 0 ? 1 : well / all;
    }

    private static int weight(CheckReport check) {
        return switch (check.criticality()) {
            case CRITICAL -> 4;
            case DEGRADING -> 2;
            case INFO -> 1;
        };
    }

    private static double wellness(HealthStatus status) {
        return switch (status) {
            case UP -> 1;
            case DEGRADED -> 0.5;
            case DOWN, OUT_OF_SERVICE, UNKNOWN -> 0;
        };
    }

    private static double breakers(Collection<CircuitBreaker> all) {
        double closed = all.stream()
                .map(breaker -> breaker.snapshot().state())
                .mapToDouble(state ->
                        state == CircuitBreakerState.CLOSED ? 1 : state == CircuitBreakerState.HALF_OPEN ? 0.5 : 0)
                .sum();
        return all.isEmpty() ? 1 : closed / all.size();
    }
}
