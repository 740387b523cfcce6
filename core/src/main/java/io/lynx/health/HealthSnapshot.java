package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The health of an application at one moment: of each check, each probe and the whole. Immutable; the answers are computed
 * when it is made, so that reading costs nothing. Two reads that return the same object mean that nothing has changed.
 */
public final class HealthSnapshot {
    private final Phase phase;
    private final boolean hasStarted;
    /** Sorted by name; {@link #checks} is a view of it. */
    private final CheckReport[] reports;

    private final List<CheckReport> checks;
    /** The ticker reading at which each result becomes too old, parallel to {@link #reports}. */
    private final long[] staleAt;

    private final StatusCounts counts;
    /** The number of status changes since the empty snapshot; a new check starts as UNKNOWN. */
    private final long changes;
    /** A lower bound of the times in {@link #staleAt}, before which {@link #judged} need not inspect the checks. */
    private volatile long nothingStaleBefore;

    private final HealthStatus liveness;
    private final HealthStatus readiness;
    private final HealthStatus startup;
    private final HealthStatus overall;

    /** The phase of the application that probes depend on. It only moves forward. */
    public enum Phase {
        /** Not ready for requests yet. */
        STARTING,
        /** Ready, unless a check reports otherwise. */
        SERVING,
        /** Shutting down: never ready again. */
        STOPPING
    }

    private HealthSnapshot(
            Phase phase,
            boolean hadStarted,
            CheckReport[] reports,
            long[] staleAt,
            StatusCounts counts,
            long changes,
            long nothingStaleBefore) {
        this.phase = phase;
        this.reports = reports;
        this.checks = Collections.unmodifiableList(Arrays.asList(reports));
        this.staleAt = staleAt;
        this.counts = counts;
        this.changes = changes;
        this.nothingStaleBefore = nothingStaleBefore;
        this.liveness = phase == Phase.STOPPING ? HealthStatus.UP : counts.worst(Group.LIVENESS);
        HealthStatus startupChecks = counts.worst(Group.STARTUP);
        this.hasStarted = hadStarted
                || switch (phase) {
                    case STARTING -> false;
                    case SERVING -> startupChecks == HealthStatus.UP || startupChecks == HealthStatus.DEGRADED;
                    case STOPPING -> true;
                };
        HealthStatus beforeServing = phase == Phase.STARTING ? HealthStatus.DOWN : startupChecks;
        this.startup = hasStarted ? HealthStatus.UP : beforeServing;
        this.readiness = ifServing(beforeServing, counts.worst(Group.READINESS));
        this.overall = ifServing(beforeServing, counts.worst());
    }

    private HealthStatus ifServing(HealthStatus beforeServing, HealthStatus ofChecks) {
        if (phase == Phase.STOPPING) {
            return HealthStatus.OUT_OF_SERVICE;
        }
        return hasStarted ? ofChecks : Aggregation.worse(beforeServing, ofChecks);
    }

    static HealthSnapshot empty() {
        return new HealthSnapshot(Phase.STARTING, false, new CheckReport[0], new long[0], StatusCounts.EMPTY, 0, 0);
    }

    /** Returns the phase of the application. */
    public Phase phase() {
        return phase;
    }

    /** Returns all checks in the order of their names. */
    public List<CheckReport> checks() {
        return checks;
    }

    /** Returns the checks of one probe in the order of their names. */
    public List<CheckReport> checks(Group group) {
        return checks.stream().filter(check -> check.groups().contains(group)).toList();
    }

    /** Returns the checks of one plugin in the order of their names; empty if it has none. */
    public List<CheckReport> checksOf(String plugin) {
        return checks.stream().filter(check -> check.plugin().equals(plugin)).toList();
    }

    /** Returns the check called {@code name}. */
    public Optional<CheckReport> check(String name) {
        int at = indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(reports[at]);
    }

    /** Returns the overall health: not UP while starting, OUT_OF_SERVICE while shutting down. */
    public HealthStatus overall() {
        return overall;
    }

    /**
     * Returns the status of one probe. LIVENESS tells whether the process should be restarted, and is UP while it shuts
     * down. READINESS tells whether this instance should receive requests, and is OUT_OF_SERVICE from the shutdown on.
     * STARTUP tells whether the application has started, and stays UP from then on.
     */
    public HealthStatus status(Group group) {
        return switch (group) {
            case LIVENESS -> liveness;
            case READINESS -> readiness;
            case STARTUP -> startup;
        };
    }

    /** Returns the status of one plugin: the worst of its enabled checks; UP if all are disabled, UNKNOWN if it has none. */
    public HealthStatus statusOf(String plugin) {
        return Aggregation.ofPlugin(checks, plugin);
    }

    /** Returns whether a check that could make the instance not ready still waits for its first result. */
    boolean isPending() {
        return counts.isAwaiting();
    }

    /** Returns the snapshot in a later phase; itself if it is in that phase or a later one. */
    HealthSnapshot in(Phase next) {
        return next.compareTo(phase) <= 0
                ? this
                : new HealthSnapshot(next, hasStarted, reports, staleAt, counts, changes, nothingStaleBefore);
    }

    /** Returns the snapshot with a check added or replaced. */
    HealthSnapshot with(CheckReport report, long reportStaleAt) {
        int at = indexOf(report.name());
        CheckReport before = at >= 0 ? reports[at] : null;
        CheckReport[] nextReports = at >= 0 ? reports.clone() : Arrays.copyOf(reports, reports.length + 1);
        long[] nextStaleAt = at >= 0 ? staleAt.clone() : Arrays.copyOf(staleAt, staleAt.length + 1);
        if (at < 0) {
            at = -at - 1;
            System.arraycopy(reports, at, nextReports, at + 1, reports.length - at);
            System.arraycopy(staleAt, at, nextStaleAt, at + 1, staleAt.length - at);
        }
        nextReports[at] = report;
        nextStaleAt[at] = reportStaleAt;
        HealthStatus statusBefore = before == null ? HealthStatus.UNKNOWN : before.status();
        long bound = nothingStaleBefore;
        return new HealthSnapshot(
                phase,
                hasStarted,
                nextReports,
                nextStaleAt,
                counts.change(before, report),
                statusBefore == report.status() ? changes : changes + 1,
                reports.length == 0 || reportStaleAt - bound < 0 ? reportStaleAt : bound);
    }

    /** Returns the snapshot without a check; itself if there is none of that name. */
    HealthSnapshot without(String name) {
        int at = indexOf(name);
        if (at < 0) {
            return this;
        }
        CheckReport[] nextReports = Arrays.copyOf(reports, reports.length - 1);
        System.arraycopy(reports, at + 1, nextReports, at, reports.length - at - 1);
        long[] nextStaleAt = Arrays.copyOf(staleAt, staleAt.length - 1);
        System.arraycopy(staleAt, at + 1, nextStaleAt, at, staleAt.length - at - 1);
        return new HealthSnapshot(
                phase,
                hasStarted,
                nextReports,
                nextStaleAt,
                counts.change(reports[at], null),
                changes,
                nothingStaleBefore);
    }

    /** Returns the snapshot with results that are too old at {@code now} made UNKNOWN; itself if there are none. */
    HealthSnapshot judged(long now) {
        if (now - nothingStaleBefore <= 0) {
            return this;
        }
        CheckReport[] nextReports = null;
        long earliest = now + Long.MAX_VALUE;
        for (int i = 0; i < reports.length; i++) {
            CheckReport check = reports[i];
            if (check.enabled() && !check.stale()) {
                if (now - staleAt[i] > 0) {
                    nextReports = nextReports == null ? reports.clone() : nextReports;
                    nextReports[i] = check.expired();
                } else if (staleAt[i] - earliest < 0) {
                    earliest = staleAt[i];
                }
            }
        }
        if (nextReports == null) {
            nothingStaleBefore = earliest;
            return this;
        }
        return new HealthSnapshot(
                phase, hasStarted, nextReports, staleAt, StatusCounts.of(nextReports), changes + 1, earliest);
    }

    /**
     * Passes on each check whose status differs from an earlier snapshot of the same monitor, with the earlier status, in the
     * order of names. A check that was not in the earlier snapshot counts as UNKNOWN there.
     */
    void changesSince(HealthSnapshot before, BiConsumer<CheckReport, HealthStatus> changed) {
        if (changes == before.changes) {
            return;
        }
        CheckReport[] those = before.reports;
        int there = 0;
        for (CheckReport report : reports) {
            while (there < those.length && those[there].name().compareTo(report.name()) < 0) {
                there++;
            }
            boolean wasThere = there < those.length && those[there].name().equals(report.name());
            HealthStatus was = wasThere ? those[there].status() : HealthStatus.UNKNOWN;
            if (was != report.status()) {
                changed.accept(report, was);
            }
        }
    }

    private int indexOf(String name) {
        int low = 0;
        int high = reports.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = reports[middle].name().compareTo(name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    @Override
    public String toString() {
        return "HealthSnapshot[" + phase + ", " + overall + ", " + reports.length + " checks]";
    }
}
