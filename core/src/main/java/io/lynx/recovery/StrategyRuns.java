package io.lynx.recovery;

import io.lynx.health.HealthCheck;
import io.lynx.recovery.StrategyRegistry.Step;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the runs of strategies, and knows those that were abandoned and still run. Such a stray holds its component in
 * quarantine and its flight's slot until it ends after all. Thread-safe.
 */
final class StrategyRuns {
    private final Scheduler scheduler;
    private final Components components;
    private final StrategyRegistry strategies;
    private final RecoveryLog ledger;
    private final Admission admission;
    private final Set<Stray> strays = ConcurrentHashMap.newKeySet();

    /** A strategy that was abandoned and still runs. */
    private record Stray(Component component, String description, Object identity) {}

    StrategyRuns(
            Scheduler scheduler,
            Components components,
            StrategyRegistry strategies,
            RecoveryLog ledger,
            Admission admission) {
        this.scheduler = scheduler;
        this.components = components;
        this.strategies = strategies;
        this.ledger = ledger;
        this.admission = admission;
    }

    /** A run of a strategy, to be started by the caller; it ends at the strategy's timeout or the deadline. */
    StrategyRun create(Step step, ErrorRecord error, Component component, Deadline deadline) {
        Deadline own = deadline.atMost(timeout(step));
        Stray stray = new Stray(component, RecoveryRun.describe(component.name(), step.name()), new Object());
        return new StrategyRun(
                step,
                error,
                verification(step, error),
                scheduler,
                own,
                own.remaining(),
                () -> abandon(component, stray),
                () -> strayEnded(stray));
    }

    /** What a recovery is to be confirmed by: the component's own probe, or else the check that reported the error. */
    private @Nullable HealthCheck verification(Step step, ErrorRecord error) {
        HealthCheck own = components.recovery(error.component()).probe();
        return own == null && !(step.strategy() instanceof ProbeStrategy) ? strategies.checkOf(error) : own;
    }

    /** What the strategy asks for, within the bounds; the longest if that is no duration to work with. */
    private static Duration timeout(Step step) {
        Duration longest = RecoveryStrategy.LONGEST_TIMEOUT;
        try {
            Duration timeout = step.strategy().timeout();
            return timeout.isPositive() && timeout.compareTo(longest) < 0 ? timeout : longest;
        } catch (RuntimeException careless) {
            return longest;
        }
    }

    private void abandon(Component component, Stray stray) {
        strays.add(stray);
        component.hold(new Component.Quarantined());
    }

    private void strayEnded(Stray stray) {
        strays.remove(stray);
        Component.State state = stray.component().state();
        if (state instanceof Component.Quarantined) {
            boolean _ = stray.component().change(state, new Component.Idle());
        }
        admission.releaseSlot();
        ledger.componentReleased(stray.component());
        admission.wake();
    }

    /** The strays, for a report of what did not end. */
    List<String> strays() {
        return strays.stream().map(Stray::description).toList();
    }
}
