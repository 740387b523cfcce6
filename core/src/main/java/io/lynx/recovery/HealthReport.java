package io.lynx.recovery;

import io.lynx.health.HealthStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What errors and recoveries mean for the health of the application: what {@code GET /debug/health-report} shows.
 * Immutable.
 *
 * @param status UP, DEGRADED or DOWN
 * @param reasons what makes it so, the worst first; empty if it is UP
 * @param errorStats all there is to know
 * @param errorThreshold errors of one type within the window that are still healthy
 * @param recoveryTimeout for one recovery
 * @param maxErrorHistory how many errors are kept
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

    /** Whether it is not DOWN. */
    public boolean healthy() {
        return status != HealthStatus.DOWN;
    }

    /** As maps, lists, numbers, truths and texts, under the keys and in the order of the JSON. */
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

    /** As the configuration is written. */
    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
