package io.lynx.health;

import io.lynx.health.CheckRun.Finding;
import io.lynx.health.HealthEvent.Outcome;
import io.lynx.time.Scheduler.Scheduled;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one check of a {@link HealthMonitor} at its times and counts the results.
 *
 * <p>Every field is guarded by the object's own lock, which is held for a few assignments and for storing a report, and never
 * while the check runs or an event is published. At most one {@link CheckRun} exists at a time. A run that exceeds its timeout
 * is interrupted and stays {@link #current} until its thread returns. While it does not, each run that would be due counts as
 * another timeout: a check that hangs goes down like one that fails, and holds one thread.
 */
final class ScheduledCheck {
    private final CheckRuntime runtime;
    private final CheckDefinition definition;

    private CheckPlan plan;
    private CheckResults results = new CheckResults();
    private @Nullable Boolean enabledByHand;
    private boolean isActive;
    private boolean isRetired;
    /** Whether another run became due while one was in progress: it follows as soon as the thread of that one has returned. */
    private boolean isDueAgain;

    private @Nullable Scheduled next;
    private @Nullable CheckRun current;
    private long staleAt;
    private final WaitingProbes probes = new WaitingProbes();

    ScheduledCheck(CheckRuntime runtime, CheckDefinition definition, HealthCheckConfig config) {
        this.runtime = runtime;
        this.definition = definition;
        this.plan = definition.planUnder(config);
        this.staleAt = runtime.now();
    }

    CheckDefinition definition() {
        return definition;
    }

    /** Adds the check to the snapshot, and runs it after {@code delay} if the monitor has started. */
    synchronized void activate(boolean monitorRuns, Duration delay) {
        isActive = monitorRuns;
        expectResult();
        store();
        if (isOn()) {
            scheduleIn(delay);
        }
    }

    /** Removes the check permanently; a run in progress is interrupted, and its result is dropped. */
    synchronized void retire() {
        isRetired = true;
        stopRuns();
        runtime.publisher().remove(definition.name());
    }

    /** Stops running the check and leaves its last report as it is. */
    synchronized void halt() {
        isActive = false;
        isRetired = true;
        stopRuns();
    }

    synchronized void enable(boolean enabled) {
        enabledByHand = enabled;
        follow(plan);
    }

    synchronized void follow(CheckPlan changed) {
        CheckPlan before = plan;
        plan = enabledByHand == null ? changed : changed.withEnabled(enabledByHand);
        if (isRetired || plan.equals(before)) {
            return;
        }
        if (before.enabled() && !plan.enabled()) {
            stopRuns();
            results = new CheckResults();
        } else if (isOn() && !before.enabled()) {
            scheduleIn(Duration.ZERO);
        } else if (isOn() && next != null && !plan.interval().equals(before.interval())) {
            scheduleIn(runtime.jittered(period()));
        }
        expectResult();
        store();
    }

    /** Runs the check as soon as possible; if a run is in progress, after it. */
    synchronized void runSoon() {
        if (isOn() && current != null && !current.isGivenUp()) {
            isDueAgain = true; // Its end would take the place of what is scheduled now.
        } else if (isOn()) {
            scheduleIn(Duration.ZERO);
        }
    }

    private boolean isOn() {
        return isActive && !isRetired && plan.enabled();
    }

    private void stopRuns() {
        cancelNext();
        probes.cancel();
        if (current != null) {
            current.giveUp();
        }
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void scheduleIn(Duration delay) {
        cancelNext();
        next = runtime.schedule(delay, this::due);
    }

    private void due() {
        CheckRun run;
        HealthEvent.CheckRan hangs = null;
        synchronized (this) {
            next = null;
            if (!isOn()) {
                return;
            }
            run = current;
            if (run == null) {
                run = new CheckRun(runtime.now());
                current = run;
                CheckRun started = run;
                run.timeoutAt(runtime.schedule(plan.timeout(), () -> timedOut(started)));
            } else if (run.isGivenUp()) {
                try {
                    count(MaskedHealth.of(run.timedOut(CheckLimits.text(plan.timeout()))), results.duration());
                } finally {
                    scheduleIn(runtime.jittered(period()));
                }
                hangs = event(Outcome.TIMEOUT, null);
            } else {
                isDueAgain = true;
                return;
            }
        }
        if (hangs != null) {
            runtime.publisher().publish(hangs);
            return;
        }
        CheckRun started = run;
        try {
            definition.executor().execute(() -> run(started));
        } catch (RuntimeException | Error refused) {
            finish(started, Finding.of(refused));
        }
    }

    private void run(CheckRun run) {
        synchronized (this) {
            if (!run.begin()) {
                release(run);
                return;
            }
        }
        Finding finding;
        try {
            finding = CheckRun.execute(definition.check());
        } catch (Throwable broken) {
            lost(run);
            throw broken;
        }
        finish(run, finding);
    }

    /** The framework could not make a finding, for want of a class for example: the check runs again at its next time. */
    private synchronized void lost(CheckRun run) {
        if (run.end()) {
            current = null;
            probes.advance();
            scheduleAfter(run);
        } else {
            release(run);
        }
    }

    private void finish(CheckRun run, Finding finding) {
        ended(run, finding);
        CheckRun.rethrowIfFatal(finding);
    }

    private void ended(CheckRun run, Finding finding) {
        HealthEvent.CheckRan event;
        synchronized (this) {
            if (!run.end()) {
                release(run);
                return;
            }
            current = null;
            try {
                count(finding.health(), Duration.ofNanos(runtime.now() - run.startedAt()));
            } finally {
                scheduleAfter(run);
            }
            event = event(finding.outcome(), finding.thrown());
        }
        runtime.publisher().publish(event);
    }

    private void timedOut(CheckRun run) {
        HealthEvent.CheckRan event;
        synchronized (this) {
            if (current != run || run.isGivenUp()) {
                return;
            }
            try {
                Health result = MaskedHealth.of(run.timedOut(CheckLimits.text(plan.timeout())));
                run.giveUp();
                count(result, plan.timeout());
            } finally {
                if (!run.isGivenUp()) {
                    run.giveUp();
                }
                scheduleAfter(run);
            }
            event = event(Outcome.TIMEOUT, null);
        }
        runtime.publisher().publish(event);
    }

    private void release(CheckRun run) {
        if (current == run) {
            current = null;
            if (isOn() && isDueAgain) {
                isDueAgain = false;
                scheduleIn(Duration.ZERO);
            }
        }
        store();
    }

    private void count(Health result, Duration took) {
        results.add(result, took, runtime.instant(), plan);
        expectResult();
        store();
        probes.complete(result);
    }

    private void expectResult() {
        staleAt = runtime.now() + plan.staleAfter().toNanos();
    }

    private void scheduleAfter(CheckRun run) {
        if (!isOn()) {
            return;
        }
        if (isDueAgain && current == null) {
            isDueAgain = false;
            scheduleIn(Duration.ZERO);
            return;
        }
        Duration left = runtime.jittered(period()).minusNanos(runtime.now() - run.startedAt());
        Duration least = plan.leastPause(results.isHealthy());
        scheduleIn(left.compareTo(least) < 0 ? least : left);
    }

    private Duration period() {
        return plan.period(results.isHealthy());
    }

    private void store() {
        if (!isRetired) {
            runtime.publisher().put(report(), staleAt);
        }
    }

    /**
     * Runs the check now, or after the run in progress, which may have seen what was before, and waits for its result, which counts
     * like any other.
     *
     * @throws CancellationException if the check is removed, disabled, or does not run
     * @throws TimeoutException if no result came before the last one became too old
     * @throws InterruptedException if interrupted while waiting
     */
    Health probe() throws InterruptedException, TimeoutException {
        CompletableFuture<Health> answer;
        Duration patience;
        synchronized (this) {
            if (!isOn()) {
                throw new CancellationException("health check '" + definition.name() + "': it does not run now");
            }
            boolean isExecuting = current != null && current.isExecuting() && !current.isGivenUp();
            answer = probes.add(isExecuting);
            patience = plan.staleAfter();
            if (current == null) {
                scheduleIn(Duration.ZERO);
            } else if (isExecuting) {
                isDueAgain = true;
            }
        }
        return WaitingProbes.await(answer, patience);
    }

    /** Returns what to publish without the lock; under it, as another run may follow at once. */
    private HealthEvent.CheckRan event(Outcome outcome, @Nullable Throwable thrown) {
        return new HealthEvent.CheckRan(report(), outcome, results.isConfirmed(plan), thrown);
    }

    private CheckReport report() {
        boolean isHanging = current != null && current.isTimedOut();
        return definition.report(results, plan, isHanging);
    }
}
