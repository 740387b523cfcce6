package io.lynx.recovery;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.CircuitBreakers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the numbers of errors and recoveries, sorted by name. Reads only; thread-safe. */
final class StatsView {
    private static final int MOST_RECENT = 100;

    private final Duration errorWindow;
    private final ErrorTypes types;
    private final ErrorHistory<ErrorEntry> history;
    private final Components components;
    private final CircuitBreakers breakers;
    private final RecoveryRunner recoveries;

    StatsView(
            ErrorRecoveryConfig config,
            ErrorTypes types,
            ErrorHistory<ErrorEntry> history,
            Components components,
            CircuitBreakers breakers,
            RecoveryRunner recoveries) {
        this.errorWindow = config.errorWindow();
        this.types = types;
        this.history = history;
        this.components = components;
        this.breakers = breakers;
        this.recoveries = recoveries;
    }

    /** All there is to know. */
    ErrorStats errorStats(long now) {
        Map<String, Long> totals = new TreeMap<>();
        Map<String, Long> recent = new TreeMap<>();
        for (ErrorTypes.Counts counts : types.all()) {
            totals.put(counts.errorType, counts.total());
            long inWindow = counts.recent(now);
            if (inWindow > 0) {
                recent.put(counts.errorType, inWindow);
            }
        }
        RecoveryCounts counts = recoveries.counts();
        ErrorStats.RecoveryStats stats = new ErrorStats.RecoveryStats(
                counts.total(),
                counts.of(RecoveryRecord.Result.RECOVERED),
                counts.of(RecoveryRecord.Result.SKIPPED),
                counts.of(RecoveryRecord.Result.ABANDONED),
                recoveries.active());
        Map<String, CircuitBreakerSnapshot> states = new TreeMap<>();
        for (CircuitBreaker breaker : breakers.all()) {
            states.put(breaker.name(), breaker.snapshot());
        }
        Map<String, ErrorStats.ComponentState> named = new TreeMap<>();
        for (Component component : components.all()) {
            named.put(component.name(), state(component, now));
        }
        return new ErrorStats(
                totals, recentErrors(MOST_RECENT), stats, states, new ErrorStats.Window(errorWindow, recent), named);
    }

    private ErrorStats.ComponentState state(Component component, long now) {
        boolean degraded = component.isDegraded(now, errorWindow.toNanos());
        String status =
                switch (component.state()) {
                    case Component.Queued _, Component.Running _ -> "recovering";
                    case Component.Parked _ -> "parked";
                    case Component.Quarantined _ -> "quarantined";
                    case Component.Idle _, Component.Cooling _, Component.Forgotten _ -> degraded ? "degraded" : "ok";
                };
        return new ErrorStats.ComponentState(status, component.restarts().count(now));
    }

    /** Totals by type and severity. */
    Map<String, Map<ErrorSeverity, Long>> errorCounts() {
        Map<String, Map<ErrorSeverity, Long>> totals = new TreeMap<>();
        for (ErrorTypes.Counts counts : types.all()) {
            Map<ErrorSeverity, Long> bySeverity = new TreeMap<>(Comparator.naturalOrder());
            for (ErrorSeverity severity : ErrorSeverity.values()) {
                bySeverity.put(severity, counts.total(severity));
            }
            totals.put(counts.errorType, bySeverity);
        }
        return totals;
    }

    /** How many errors were counted. */
    long recorded() {
        long recorded = 0;
        for (ErrorTypes.Counts counts : types.all()) {
            recorded += counts.total();
        }
        return recorded;
    }

    /** The newest first. */
    List<ErrorRecord> recentErrors(int most) {
        return history.newest(most).stream().map(ErrorEntry::current).toList();
    }
}
