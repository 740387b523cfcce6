package io.lynx.recovery;

import io.lynx.health.HealthStatus;
import io.lynx.resilience.CircuitBreakerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Errors and recoveries at one moment: what {@code GET /debug/error-stats} shows. Immutable.
 *
 * @param errorCounts totals by error type
 * @param recentErrors the newest first, at most 100
 * @param recoveryStats numbers of recoveries
 * @param circuitBreakerStates the recovery breakers, by error type
 * @param window the counts of the error window, by error type
 * @param components by name
 */
public record ErrorStats(
        Map<String, Long> errorCounts,
        List<ErrorRecord> recentErrors,
        RecoveryStats recoveryStats,
        Map<String, CircuitBreakerSnapshot> circuitBreakerStates,
        Window window,
        Map<String, ComponentState> components) {

    /** Copies the collections, keeping their order. */
    public ErrorStats {
        errorCounts = Collections.unmodifiableMap(new LinkedHashMap<>(errorCounts));
        recentErrors = List.copyOf(recentErrors);
        circuitBreakerStates = Collections.unmodifiableMap(new LinkedHashMap<>(circuitBreakerStates));
        components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
    }

    /**
     * Numbers of recoveries.
     *
     * @param total recoveries that have ended and in which a strategy was tried
     * @param successful those of the total that were verified
     * @param skipped recoveries in which there was nothing to do
     * @param abandoned those of the total whose strategy did not end when interrupted
     * @param active recoveries in progress
     */
    public record RecoveryStats(long total, long successful, long skipped, long abandoned, int active) {
        // The share of the total that was successful, 0 to 1; 0 if there were none.
        private double successRate() {
            return total == 0 ? 0 : successful / (double) total;
        }
    }

    /**
     * The errors of the error window.
     *
     * @param length of the window
     * @param counts by error type; types without errors in the window are left out
     */
    public record Window(Duration length, Map<String, Long> counts) {
        /** Copies the map, keeping its order. */
        public Window {
            counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        }
    }

    /**
     * One component.
     *
     * @param status {@code ok}; {@code recovering}, while a recovery or the probation after a quarantine is in progress;
     *     {@code degraded}; {@code failed}, if the last recovery did not help or the plugin is not running; {@code parked},
     *     while it is quarantined; {@code quarantined}, while a strategy that does not return holds it
     * @param restarts within the restart window
     */
    public record ComponentState(String status, int restarts) {}

    /**
     * Number of errors by what became of them.
     *
     * @param recorded all errors; rejections do not count
     * @param inHistory errors recorded in full, of which the history keeps the most recent
     * @param sampledOut errors that were only counted
     * @param rejected refusals by the framework's own policies, which do not count as errors
     * @param untracked errors of components beyond the bounded number, which are not recovered
     */
    public record Totals(long recorded, long inHistory, long sampledOut, long rejected, long untracked) {}

    /** Returns this as maps, lists, numbers, booleans, strings and nulls, under the keys and in the order of the JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("error_counts", errorCounts);
        List<Object> errors = new ArrayList<>();
        recentErrors.forEach(error -> errors.add(map(error)));
        map.put("recent_errors", errors);
        map.put("recovery_stats", map(recoveryStats));
        Map<String, Object> breakers = new LinkedHashMap<>();
        circuitBreakerStates.forEach((name, breaker) -> breakers.put(name, map(breaker)));
        map.put("circuit_breaker_states", breakers);
        map.put("window", ordered("seconds", window.length().toSeconds(), "counts", window.counts()));
        Map<String, Object> states = new LinkedHashMap<>();
        components.forEach(
                (name, state) -> states.put(name, ordered("status", state.status(), "restarts", state.restarts())));
        map.put("components", states);
        return map;
    }

    private static Map<String, Object> map(ErrorRecord error) {
        Map<String, Object> map = ordered("timestamp", error.timestamp().toString(), "error_type", error.errorType());
        map.put("component", error.component());
        map.put("severity", error.severity().label());
        map.put("severity_level", error.severity().level());
        map.put("message", error.message());
        map.put("recovered", error.recovered());
        putNullable(map, "recovery_time", error.recoveryTime());
        map.put("category", error.category().label());
        map.put("fingerprint", error.fingerprint());
        map.put("occurrences", error.occurrences());
        return map;
    }

    @SuppressWarnings("NullAway") // the value of a JSON null
    private static void putNullable(
            Map<String, Object> map, String key, @org.jspecify.annotations.Nullable Object value) {
        map.put(key, value == null ? null : value.toString());
    }

    private static Map<String, Object> map(RecoveryStats stats) {
        Map<String, Object> map = ordered("total", stats.total(), "successful", stats.successful());
        map.put("success_rate", stats.successRate());
        map.put("skipped", stats.skipped());
        map.put("abandoned", stats.abandoned());
        map.put("active", stats.active());
        return map;
    }

    private static Map<String, Object> map(CircuitBreakerSnapshot breaker) {
        Map<String, Object> map = ordered(
                "state", breaker.state().label(), "state_code", breaker.state().code());
        breaker.retryAfter().ifPresent(wait -> map.put("retry_after_ms", wait.toMillis()));
        return map;
    }

    private static Map<String, Object> ordered(String first, Object one, String second, Object two) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }

    /**
     * The health of an application according to its errors, recoveries and checks: {@code GET /debug/health-report}. Immutable.
     *
     * @param status UP, DEGRADED or DOWN
     * @param reasons the reasons for the status, the worst first; empty if it is UP
     * @param errorStats the numbers behind it
     * @param errorThreshold number of errors of one type within the window that still counts as healthy
     * @param recoveryTimeout time limit for one recovery
     * @param maxErrorHistory number of errors kept
     */
    public record HealthReport(
            HealthStatus status,
            List<String> reasons,
            ErrorStats errorStats,
            int errorThreshold,
            Duration recoveryTimeout,
            int maxErrorHistory) {

        /** Copies the list. */
        public HealthReport {
            reasons = List.copyOf(reasons);
        }

        /** Returns whether the status is not DOWN. */
        public boolean healthy() {
            return status != HealthStatus.DOWN;
        }

        /** Returns this as maps, lists, numbers, booleans and strings, under the keys and in the order of the JSON. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("healthy", healthy());
            map.put("status", status.name().toLowerCase(Locale.ROOT));
            map.put("reasons", reasons);
            map.put("error_stats", errorStats.toMap());
            map.put("error_threshold", errorThreshold);
            map.put("recovery_timeout", text(recoveryTimeout));
            map.put("max_error_history", maxErrorHistory);
            return map;
        }

        /** Returns a duration in the notation of the configuration. */
        private static String text(Duration duration) {
            return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
        }
    }
}
