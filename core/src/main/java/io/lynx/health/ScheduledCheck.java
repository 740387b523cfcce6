package io.lynx.health;

import io.lynx.health.HealthEvent.Outcome;
import io.lynx.time.Scheduler.Scheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One check's life in a {@link HealthMonitor}: it waits, runs, is given up, is counted.
 *
 * <p>Every field is guarded by the object's own lock, which is held for a few assignments and for publishing a report,
 * and never while the check runs or a listener is told. At most one {@link Run} exists at a time. A run that is given up at
 * its timeout is interrupted and stays {@link #current} until its thread comes back; while it does not, each time a run
 * would be due counts as one more timeout, so a check that hangs goes down like one that fails, and holds one thread.
 */
final class ScheduledCheck {
    /** How much a wait may be shortened, so that checks registered together do not stay together. */
    private static final double JITTER = 0.1;
    /** How much of its interval a check that overruns it is made to wait all the same. */
    private static final int LEAST_PART_OF_INTERVAL = 10;

    private static final int FRAMES_SHOWN = 8;

    private final HealthMonitor monitor;
    private final String name;
    private final String plugin;
    private final HealthCheckOptions options;
    private final HealthCheck check;

    private CheckPlan plan;
    private @Nullable Boolean enabledByHand;
    private boolean isActive;
    private boolean isRetired;
    private @Nullable Scheduled next;
    private @Nullable Run current;
    private long staleAt;

    private HealthStatus settled = HealthStatus.UNKNOWN;
    private @Nullable Health last;
    private @Nullable Instant checkedAt;
    private Duration duration = Duration.ZERO;
    private int failures;
    private int successes;
    private final List<CompletableFuture<Health>> asked = new ArrayList<>();

    ScheduledCheck(
            HealthMonitor monitor,
            String plugin,
            String name,
            HealthCheckOptions options,
            HealthCheck check,
            HealthSettings settings) {
        this.monitor = monitor;
        this.name = name;
        this.plugin = plugin;
        this.options = options;
        this.check = check;
        this.plan = planUnder(settings);
        this.staleAt = monitor.now();
    }

    String name() {
        return name;
    }

    String plugin() {
        return plugin;
    }

    /** Shows it, and has it run after {@code delay} if the monitor runs. */
    synchronized void activate(boolean monitorRuns, Duration delay) {
        isActive = monitorRuns;
        expectResult();
        publish();
        if (isOn()) {
            scheduleIn(delay);
        }
    }

    /** Takes it out for good; a run that is under way is interrupted, and its result is dropped. */
    synchronized void retire() {
        isRetired = true;
        stopRuns();
        monitor.withdraw(name);
    }

    /** Stops running it, and leaves what is known of it as it is. */
    synchronized void halt() {
        isActive = false;
        isRetired = true;
        stopRuns();
    }

    synchronized void enable(boolean enabled) {
        enabledByHand = enabled;
        replan(plan);
    }

    /**
     * How it would be run under other settings.
     *
     * @throws IllegalArgumentException if they do not fit it
     */
    CheckPlan planUnder(HealthSettings settings) {
        return CheckPlan.of("health check: '" + name + "' (plugin " + plugin + ")", name, options, settings);
    }

    synchronized void follow(CheckPlan changed) {
        replan(changed);
    }

    private void replan(CheckPlan changed) {
        CheckPlan before = plan;
        boolean wasOn = plan.enabled();
        plan = changed;
        if (enabledByHand != null) {
            plan = plan.enabled(enabledByHand);
        }
        if (isRetired || plan.equals(before)) {
            return;
        }
        if (wasOn && !plan.enabled()) {
            stopRuns();
            settled = HealthStatus.UNKNOWN;
            last = null;
            checkedAt = null;
            duration = Duration.ZERO;
            failures = 0;
            successes = 0;
        } else if (isOn() && !wasOn) {
            scheduleIn(Duration.ZERO);
        } else if (isOn() && next != null && !plan.interval().equals(before.interval())) {
            scheduleIn(jittered(nominalDelay()));
        }
        expectResult();
        publish();
    }

    private boolean isOn() {
        return isActive && !isRetired && plan.enabled();
    }

    private void stopRuns() {
        cancelNext();
        asked.forEach(asker -> asker.cancel(false));
        asked.clear();
        Run run = current;
        if (run != null) {
            run.giveUp();
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
        next = monitor.schedule(delay, this::due);
    }

    private void due() {
        Run run;
        synchronized (this) {
            next = null;
            if (!isOn()) {
                return;
            }
            run = current;
            if (run == null) {
                run = new Run(monitor.now());
                current = run;
                run.timeout = monitor.schedule(plan.timeout(), run::timedOut);
            } else {
                run.isTimedOut = true;
                count(timeout(run), duration);
                scheduleIn(jittered(nominalDelay()));
                run = null;
            }
        }
        if (run == null) {
            monitor.told(ran(Outcome.TIMEOUT, null));
            return;
        }
        try {
            monitor.execute(run);
        } catch (RejectedExecutionException refused) {
            run.ended(Health.down(refused), Outcome.EXCEPTION, refused);
        }
    }

    /** One execution of the check, from being due until its thread comes back. */
    private final class Run implements Runnable {
        private final long startedAt;
        private @Nullable Scheduled timeout;
        private @Nullable Thread thread;
        private boolean isGivenUp;
        private boolean isTimedOut;

        Run(long startedAt) {
            this.startedAt = startedAt;
        }

        @Override
        public void run() {
            synchronized (ScheduledCheck.this) {
                if (isGivenUp) {
                    release();
                    return;
                }
                thread = Thread.currentThread();
            }
            Health result;
            Outcome outcome;
            Throwable failure = null;
            VirtualMachineError fatal = null;
            try {
                result = check.check();
                if (result == null) {
                    result = Health.down("the check returned null; it must return a Health");
                }
                outcome = isFailure(result.status()) ? Outcome.UNWELL : Outcome.WELL;
            } catch (Throwable thrown) {
                result = describe(thrown);
                outcome = Outcome.EXCEPTION;
                failure = thrown;
                // Out of memory and its kin are not this check's affair: the thread's root decides about the process.
                fatal = thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)
                        ? error
                        : null;
            }
            ended(result, outcome, failure);
            if (fatal != null) {
                throw fatal;
            }
        }

        /** The thread came back. */
        void ended(Health result, Outcome outcome, @Nullable Throwable thrown) {
            synchronized (ScheduledCheck.this) {
                thread = null;
                // An interruption meant for this run must not reach what the thread does next.
                boolean _ = Thread.interrupted();
                if (isGivenUp) {
                    release();
                    return;
                }
                current = null;
                if (timeout != null) {
                    timeout.cancel();
                }
                count(result, Duration.ofNanos(monitor.now() - startedAt));
                scheduleAfter(startedAt);
            }
            monitor.told(ran(outcome, thrown));
        }

        void timedOut() {
            synchronized (ScheduledCheck.this) {
                if (current != this || isGivenUp) {
                    return;
                }
                isTimedOut = true;
                Health result = timeout(this);
                giveUp();
                count(result, plan.timeout());
                scheduleAfter(startedAt);
            }
            monitor.told(ran(Outcome.TIMEOUT, null));
        }

        private void giveUp() {
            isGivenUp = true;
            if (timeout != null) {
                timeout.cancel();
            }
            if (thread != null) {
                thread.interrupt();
            }
        }

        private void release() {
            if (current == this) {
                current = null;
            }
            publish();
        }

        private List<String> frames() {
            if (thread == null) {
                return List.of();
            }
            return Arrays.stream(thread.getStackTrace())
                    .limit(FRAMES_SHOWN)
                    .map(StackTraceElement::toString)
                    .toList();
        }
    }

    private Health timeout(Run run) {
        Health result = Health.down("timeout after " + Limits.text(plan.timeout()));
        List<String> frames = run.frames();
        return frames.isEmpty() ? result : result.with("hangs_at", frames);
    }

    private static Health describe(Throwable thrown) {
        try {
            return Health.down(thrown);
        } catch (RuntimeException unspeakable) {
            return Health.down(thrown.getClass().getName());
        }
    }

    private static boolean isFailure(HealthStatus status) {
        return switch (status) {
            case UP, DEGRADED -> false;
            case DOWN, OUT_OF_SERVICE, UNKNOWN -> true;
        };
    }

    /** Counts a result. The first decides at once; from then on it takes as many in a row as the thresholds say. */
    private void count(Health result, Duration took) {
        boolean failed = isFailure(result.status());
        failures = failed ? failures + 1 : 0;
        successes = failed ? 0 : successes + 1;
        boolean turnsTo = failed ? failures >= plan.failureThreshold() : successes >= plan.successThreshold();
        if (last == null || turnsTo || failed == isFailure(settled)) {
            settled = result.status();
        }
        last = result;
        duration = took;
        checkedAt = monitor.instant();
        expectResult();
        publish();
        asked.forEach(asker -> asker.complete(result));
        asked.clear();
    }

    private void expectResult() {
        staleAt = monitor.now() + plan.staleAfter().toNanos();
    }

    private void scheduleAfter(long startedAt) {
        if (!isOn()) {
            return;
        }
        Duration nominal = nominalDelay();
        Duration left = jittered(nominal).minusNanos(monitor.now() - startedAt);
        Duration least = nominal.dividedBy(LEAST_PART_OF_INTERVAL);
        scheduleIn(left.compareTo(least) < 0 ? least : left);
    }

    /** A check that fails, or does not yet count as well again, is looked at three times as often. */
    private Duration nominalDelay() {
        boolean isWell = last == null || (failures == 0 && !isFailure(settled));
        return isWell ? plan.interval() : plan.interval().dividedBy(3);
    }

    /** Only ever shorter, so that a change is seen within the interval. */
    private Duration jittered(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * (1 - JITTER * monitor.random())));
    }

    private void publish() {
        if (!isRetired) {
            monitor.publish(report(), staleAt);
        }
    }

    /**
     * Has it run now, unless it is running, and waits for what it finds, which counts as ever.
     *
     * @throws CancellationException if it is not run any more
     * @throws TimeoutException if nothing came for as long as it takes a result to grow stale
     * @throws InterruptedException if interrupted while waiting
     */
    Health ask() throws InterruptedException, TimeoutException {
        CompletableFuture<Health> answer = new CompletableFuture<>();
        Duration patience;
        synchronized (this) {
            if (!isOn()) {
                throw new CancellationException("health check '" + name + "': it is not run now");
            }
            asked.add(answer);
            patience = plan.staleAfter();
            if (current == null) {
                scheduleIn(Duration.ZERO);
            }
        }
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private synchronized HealthEvent.CheckRan ran(Outcome outcome, @Nullable Throwable thrown) {
        boolean isConfirmed = failures > 0 ? failures >= plan.failureThreshold() : successes >= plan.successThreshold();
        return new HealthEvent.CheckRan(report(), outcome, isConfirmed, thrown);
    }

    synchronized CheckReport report() {
        return new CheckReport(
                name,
                plugin,
                plan.groups(),
                plan.criticality(),
                plan.enabled(),
                settled,
                last,
                checkedAt,
                duration,
                failures,
                successes,
                current != null && current.isTimedOut,
                false);
    }
}
