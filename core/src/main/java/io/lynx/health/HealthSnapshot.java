package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How everything stood at one moment: each check, each probe and the whole. Immutable; the answers are worked out when it
 * is made, so reading it costs nothing. Two reads that give the same object mean that nothing has changed.
 */
public final class HealthSnapshot {

    private final Phase phase;
    private final boolean hasStarted;
    private final List<CheckReport> checks;
    /** When each check's result becomes too old, by the ticker; beside {@link #checks}. */
    private final long[] staleAt;
    /** The first time at which {@link #judged} has anything to do; meaningless unless {@link #canExpire}. */
    private final long nextExpiry;

    private final boolean canExpire;

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

    private HealthSnapshot(Phase phase, boolean hadStarted, List<CheckReport> checks, long[] staleAt) {
        this.phase = phase;
        this.checks = Collections.unmodifiableList(checks);
        this.staleAt = staleAt;
        long earliest = 0;
        boolean found = false;
        for (int i = 0; i < staleAt.length; i++) {
            CheckReport check = checks.get(i);
            if (check.enabled() && !check.stale() && (!found || staleAt[i] - earliest < 0)) {
                earliest = staleAt[i];
                found = true;
            }
        }
        this.nextExpiry = earliest;
        this.canExpire = found;
        this.liveness = phase == Phase.STOPPING ? HealthStatus.UP : Aggregation.of(checks, Group.LIVENESS);
        HealthStatus startupChecks = Aggregation.of(checks, Group.STARTUP);
        this.hasStarted = hadStarted
                || switch (phase) {
                    case STARTING -> false;
                    case SERVING -> startupChecks == HealthStatus.UP || startupChecks == HealthStatus.DEGRADED;
                    case STOPPING -> true;
                };
        HealthStatus beforeServing = phase == Phase.STARTING ? HealthStatus.DOWN : startupChecks;
        this.startup = hasStarted ? HealthStatus.UP : beforeServing;
        this.readiness = ifServing(beforeServing, Aggregation.of(checks, Group.READINESS));
        this.overall = ifServing(beforeServing, Aggregation.of(checks));
    }

    private HealthStatus ifServing(HealthStatus beforeServing, HealthStatus ofChecks) {
        if (phase == Phase.STOPPING) {
            return HealthStatus.OUT_OF_SERVICE;
        }
        return hasStarted ? ofChecks : Aggregation.worse(beforeServing, ofChecks);
    }

    static HealthSnapshot empty() {
        return new HealthSnapshot(Phase.STARTING, false, List.of(), new long[0]);
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
        return at < 0 ? Optional.empty() : Optional.of(checks.get(at));
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
        return checks.stream().anyMatch(Aggregation::isAwaitedByAll);
    }

    /** The same in a later phase; itself if it is there or further already. */
    HealthSnapshot in(Phase next) {
        return next.compareTo(phase) <= 0 ? this : new HealthSnapshot(next, hasStarted, checks, staleAt);
    }

    /** The same with a check added or replaced. */
    HealthSnapshot with(CheckReport report, long reportStaleAt) {
        int at = indexOf(report.name());
        List<CheckReport> nextChecks = new ArrayList<>(checks);
        long[] nextStaleAt;
        if (at >= 0) {
            nextChecks.set(at, report);
            nextStaleAt = staleAt.clone();
            nextStaleAt[at] = reportStaleAt;
        } else {
            int insertion = -at - 1;
            nextChecks.add(insertion, report);
            nextStaleAt = new long[staleAt.length + 1];
            System.arraycopy(staleAt, 0, nextStaleAt, 0, insertion);
            nextStaleAt[insertion] = reportStaleAt;
            System.arraycopy(staleAt, insertion, nextStaleAt, insertion + 1, staleAt.length - insertion);
        }
        return new HealthSnapshot(phase, hasStarted, nextChecks, nextStaleAt);
    }

    /** The same without a check; itself if there is none of that name. */
    HealthSnapshot without(String name) {
        int at = indexOf(name);
        if (at < 0) {
            return this;
        }
        List<CheckReport> nextChecks = new ArrayList<>(checks);
        nextChecks.remove(at);
        long[] nextStaleAt = Arrays.copyOf(staleAt, staleAt.length - 1);
        System.arraycopy(staleAt, at + 1, nextStaleAt, at, staleAt.length - at - 1);
        return new HealthSnapshot(phase, hasStarted, nextChecks, nextStaleAt);
    }

    /** The same with results that are too old at {@code now} made UNKNOWN; itself if there are none. */
    HealthSnapshot judged(long now) {
        if (!canExpire || now - nextExpiry <= 0) {
            return this;
        }
        List<CheckReport> nextChecks = new ArrayList<>(checks);
        for (int i = 0; i < staleAt.length; i++) {
            CheckReport check = checks.get(i);
            if (check.enabled() && !check.stale() && now - staleAt[i] > 0) {
                nextChecks.set(i, check.expired());
            }
        }
        return new HealthSnapshot(phase, hasStarted, nextChecks, staleAt);
    }

    private int indexOf(String name) {
        int low = 0;
        int high = checks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = checks.get(middle).name().compareTo(name);
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
        return "HealthSnapshot[" + phase + ", " + overall + ", " + checks.size() + " checks]";
    }
}
