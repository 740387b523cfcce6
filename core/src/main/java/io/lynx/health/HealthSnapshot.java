package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * How everything stood at one moment: each check, each probe and the whole. Immutable; the answers are worked out when it
 * is made, so reading it costs nothing. Two reads that give the same object mean that nothing has changed.
 */
public final class HealthSnapshot {
    private final Phase phase;
    private final boolean hasStarted;
    /** By name; {@link #checks} is the same to look at. */
    private final CheckReport[] reports;

    private final List<CheckReport> checks;
    /** When each check's result becomes too old, by the ticker; beside {@link #reports}. */
    private final long[] staleAt;

    private final Tally tally;
    /** How often the status of a check has changed since the empty snapshot; a check comes as UNKNOWN. */
    private final long changes;
    /** {@link #judged} has nothing to do before this time. Not the exact one, which takes a look at every check; raised by looking. */
    private volatile long nothingStaleBefore;

    private final HealthStatus liveness;
    private final HealthStatus readiness;
    private final HealthStatus startup;
    private final HealthStatus overall;

    /** Where the application is in its life, as far as probes care. It only ever goes forward. */
    public enum Phase {
        /** Not ready for requests yet. */
        STARTING,
        /** Ready, as far as the checks say so. */
        SERVING,
        /** Never ready again. */
        STOPPING
    }

    private HealthSnapshot(
            Phase phase,
            boolean hadStarted,
            CheckReport[] reports,
            long[] staleAt,
            Tally tally,
            long changes,
            long nothingStaleBefore) {
        this.phase = phase;
        this.reports = reports;
        this.checks = Collections.unmodifiableList(Arrays.asList(reports));
        this.staleAt = staleAt;
        this.tally = tally;
        this.changes = changes;
        this.nothingStaleBefore = nothingStaleBefore;
        this.liveness = phase == Phase.STOPPING ? HealthStatus.UP : tally.worst(Group.LIVENESS);
        HealthStatus startupChecks = tally.worst(Group.STARTUP);
        this.hasStarted = hadStarted
                || switch (phase) {
                    case STARTING -> false;
                    case SERVING -> startupChecks == HealthStatus.UP || startupChecks == HealthStatus.DEGRADED;
                    case STOPPING -> true;
                };
        HealthStatus beforeServing = phase == Phase.STARTING ? HealthStatus.DOWN : startupChecks;
        this.startup = hasStarted ? HealthStatus.UP : beforeServing;
        this.readiness = ifServing(beforeServing, tally.worst(Group.READINESS));
        this.overall = ifServing(beforeServing, tally.worst());
    }

    private HealthStatus ifServing(HealthStatus beforeServing, HealthStatus ofChecks) {
        if (phase == Phase.STOPPING) {
            return HealthStatus.OUT_OF_SERVICE;
        }
        return hasStarted ? ofChecks : Aggregation.worse(beforeServing, ofChecks);
    }

    static HealthSnapshot empty() {
        return new HealthSnapshot(Phase.STARTING, false, new CheckReport[0], new long[0], Tally.EMPTY, 0, 0);
    }

    /** Where the application is in its life. */
    public Phase phase() {
        return phase;
    }

    /** Every check, by name. */
    public List<CheckReport> checks() {
        return checks;
    }

    /** The checks of one probe, by name. */
    public List<CheckReport> checks(Group group) {
        return checks.stream().filter(check -> check.groups().contains(group)).toList();
    }

    /** The checks of one plugin, by name; empty if it has none. */
    public List<CheckReport> checksOf(String plugin) {
        return checks.stream().filter(check -> check.plugin().equals(plugin)).toList();
    }

    /** The check called {@code name}. */
    public Optional<CheckReport> check(String name) {
        int at = indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(reports[at]);
    }

    /** Everything together: not UP while starting, OUT_OF_SERVICE while stopping. */
    public HealthStatus overall() {
        return overall;
    }

    /**
     * One probe: LIVENESS asks whether the process should go on, and is UP while it stops by itself; READINESS, whether it should get requests, and is
     * OUT_OF_SERVICE for good from the stop on; STARTUP, whether it has ever come up, and once UP stays so.
     */
    public HealthStatus status(Group group) {
        return switch (group) {
            case LIVENESS -> liveness;
            case READINESS -> readiness;
            case STARTUP -> startup;
        };
    }

    /** One plugin: the worst of its checks, the one that bears its id in full; UNKNOWN if it has none. */
    public HealthStatus statusOf(String plugin) {
        return Aggregation.ofPlugin(checks, plugin);
    }

    /** Whether a check that could make the application unready still waits for its first result. */
    boolean isPending() {
        return tally.isAwaiting();
    }

    /** The same in a later phase; itself if it is there or further already. */
    HealthSnapshot in(Phase next) {
        return next.compareTo(phase) <= 0
                ? this
                : new HealthSnapshot(next, hasStarted, reports, staleAt, tally, changes, nothingStaleBefore);
    }

    /** The same with a check added or replaced. */
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
                tally.change(before, report),
                statusBefore == report.status() ? changes : changes + 1,
                reports.length == 0 || reportStaleAt - bound < 0 ? reportStaleAt : bound);
    }

    /** The same without a check; itself if there is none of that name. */
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
                tally.change(reports[at], null),
                changes,
                nothingStaleBefore);
    }

    /** The same with results that are too old at {@code now} made UNKNOWN; itself if there are none. */
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
                phase, hasStarted, nextReports, staleAt, Tally.of(nextReports), changes + 1, earliest);
    }

    /**
     * Tells whose status is another than in an earlier snapshot of the same monitor, in order of name, and what it was; a check
     * that was not there was UNKNOWN.
     */
    void changesSince(HealthSnapshot before, BiConsumer<CheckReport, HealthStatus> tell) {
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
                tell.accept(report, was);
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
