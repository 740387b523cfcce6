package io.lynx.recovery;

import io.lynx.health.HealthStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
