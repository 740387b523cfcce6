package io.lynx.recovery.run;

import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.classify.BoundedText;
import io.lynx.recovery.run.Component.Phase;
import io.lynx.recovery.run.Component.Quarantine;
import io.lynx.recovery.run.StrategyRegistry.Step;
import io.lynx.resilience.Permit;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One recovery of one component, from the selection of strategies to the verdict, on a thread of its own. If a strategy
 * does not return, a timer ends the recovery in its place, and the thread only reports when the strategy does return. Other
 * threads may call {@link #cancel} and {@link #describe}.
 */
final class RecoveryRun implements Runnable {
    private static final Duration SELECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration VERIFICATION_TIMEOUT = Duration.ofSeconds(60);
    /** Far beyond any timeout: only for a scheduler that was closed too early. */
    private static final long LONGEST_PAUSE_SECONDS = 120;

    private final RecoveryRunner runner;
    private final RecoveryLog log;
    private final Component component;
    private final RecordedError error;
    private final Deadline deadline;
    private final boolean isAttempt;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicReference<@Nullable StrategyCall<?>> current = new AtomicReference<>();
    private volatile boolean cancelled;
    private volatile @Nullable Permit permit;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable String note;
    private volatile @Nullable String strategy;
    private volatile long strategyStartedNanos;
    private boolean hasNoStrategy;
    private boolean triedRestart;
    private boolean hasRestarted;
    private boolean hasEvidence;

    RecoveryRun(RecoveryRunner runner, Component component, RecordedError error, Deadline deadline) {
        this.runner = runner;
        this.log = runner.log();
        this.component = component;
        this.error = error;
        this.deadline = deadline;
        this.startedAt = log.instant();
        this.startedNanos = runner.now();
        Quarantine quarantine = component.quarantine();
        this.isAttempt = quarantine != null && quarantine.phase() == Phase.ATTEMPT;
    }

    @Override
    public void run() {
        Result result = Result.FAILED;
        try {
            result = recover();
        } catch (RuntimeException | StackOverflowError unexpected) {
            failure = unexpected;
        } finally {
            if (result == Result.ABANDONED) {
                runner.strayEnded(this);
            } else {
                runner.ended(this, result);
            }
        }
    }

    /** Returns how it ended; ABANDONED if a timer has ended it before. */
    private Result recover() {
        List<Step> chain = select();
        if (chain == null) {
            return Result.ABANDONED;
        }
        if (cancelled) {
            return Result.CANCELLED;
        }
        if (chain.isEmpty() && failure != null) {
            note = UserCode.describe(failure);
            return Result.FAILED;
        }
        if (chain.isEmpty()) {
            hasNoStrategy = true;
            note = "a critical error, and no strategy for it";
            return error.record().severity() == ErrorSeverity.CRITICAL && !isAttempt ? Result.PARKED : Result.SKIPPED;
        }
        try (Permit own = isAttempt ? null : runner.breaker(error.record()).tryAcquire()) {
            if (own == null && !isAttempt) {
                note = "the recovery breaker is "
                        + runner.breaker(error.record()).state().label();
                return Result.REFUSED;
            }
            permit = own;
            log.recoveryStarted(error.record());
            Result result = tryAll(chain);
            if (own != null) {
                judge(own, result);
            }
            return result;
        }
    }

    /** Returns the strategies to try; null if a timer has ended the recovery because one of them did not answer. */
    private @Nullable List<Step> select() {
        strategy = null;
        ErrorRecord record = error.record();
        return call(
                "selection",
                SELECTION_TIMEOUT,
                () -> isAttempt
                        ? runner.strategies().attempt(record)
                        : runner.strategies().chain(record),
                thrown -> {
                    failure = thrown;
                    return List.of();
                });
    }

    /** An external cause is no verdict on the strategies: they will be needed as soon as it has passed. */
    private void judge(Permit own, Result result) {
        switch (result) {
            case RECOVERED -> own.success();
            case FAILED -> {
                if (RecoveryPolicy.isExternal(error.record())) {
                    own.ignore();
                } else {
                    own.failure(verdict());
                }
            }
            case DEGRADED, SKIPPED, CANCELLED, REFUSED, PARKED, ABANDONED -> own.ignore();
        }
    }

    /** Wrapped, as the breaker does not count some exceptions as failures that count here. */
    private IllegalStateException verdict() {
        return new IllegalStateException("recovery of '" + component.name() + "' failed", failure);
    }

    private Result tryAll(List<Step> chain) {
        boolean lastResortsOnly = false;
        for (Step step : chain) {
            if ((lastResortsOnly && !step.isLastResort()) || (step.isOwnRestart() && !mayRestart())) {
                continue;
            }
            if (cancelled) {
                return Result.CANCELLED;
            }
            if (deadline.isExpired() && !step.isOwnRestart()) {
                note = "no time was left for '" + step.name() + "'";
                return failed(Result.FAILED);
            }
            if (step.restarts() && !countRestart()) {
                return Result.PARKED;
            }
            RecoveryOutcome outcome = run(step);
            if (outcome == null) {
                return Result.ABANDONED;
            }
            Duration took = Duration.ofNanos(runner.now() - strategyStartedNanos);
            log.strategyFinished(error.record(), step.name(), outcome, took);
            switch (outcome) {
                case RecoveryOutcome.Recovered() -> {
                    return Result.RECOVERED;
                }
                case RecoveryOutcome.Degraded(String what) -> {
                    note = what;
                    return Result.DEGRADED;
                }
                case RecoveryOutcome.Failed(Throwable cause, boolean isRetryable) -> {
                    failure = cause;
                    note = UserCode.describe(cause);
                    lastResortsOnly |= !isRetryable;
                    hasEvidence |= BuiltInStrategies.isProbe(step.strategy());
                }
                case RecoveryOutcome.Skipped(String reason) -> note = failure == null ? reason : note;
            }
        }
        return failed(failure == null ? Result.SKIPPED : Result.FAILED);
    }

    private boolean mayRestart() {
        return isAttempt
                || switch (RecoveryPolicy.restart(error.record())) {
                    case NEVER -> false;
                    case ON_EVIDENCE -> hasEvidence;
                    case ALWAYS -> true;
                };
    }

    /** Counts a restart; returns false if another one would be too many. */
    private boolean countRestart() {
        if (isAttempt) {
            component.restarts().add(runner.now());
        } else if (!component.tryRestart(runner.now())) {
            Quarantine probation = component.quarantine();
            note = probation == null ? component.restarts().exhausted() : probation.reason();
            return false;
        }
        triedRestart = true;
        return true;
    }

    /** Returns the result of a recovery in which nothing helped. */
    private Result failed(Result result) {
        if (cancelled) {
            return Result.CANCELLED;
        }
        return error.record().severity() == ErrorSeverity.CRITICAL && !triedRestart ? Result.PARKED : result;
    }

    private @Nullable RecoveryOutcome run(Step step) {
        strategy = step.name();
        strategyStartedNanos = runner.now();
        Context context = new Context(step.isOwnRestart() ? deadline : deadline.atMost(timeout(step)));
        RecoveryOutcome outcome = call(
                step.name(),
                step.isOwnRestart() ? null : timeout(step),
                () -> step.isOwnRestart() ? outcome(step, context) : verified(step, outcome(step, context)),
                RecoveryRun::failedBy);
        if (step.isOwnRestart() && outcome instanceof RecoveryOutcome.Recovered) {
            hasRestarted = true;
            RecoveryOutcome restarted = outcome;
            return call(step.name(), VERIFICATION_TIMEOUT, () -> verified(step, restarted), RecoveryRun::failedBy);
        }
        return outcome;
    }

    private static RecoveryOutcome failedBy(Throwable thrown) {
        boolean isBroken = thrown instanceof VirtualMachineError || thrown instanceof LinkageError;
        return new RecoveryOutcome.Failed(thrown, !isBroken);
    }

    private Duration timeout(Step step) {
        return StrategyCall.timeout(step.strategy(), deadline.remaining());
    }

    private <T> @Nullable T call(
            String name,
            @Nullable Duration timeout,
            Callable<? extends T> code,
            Function<Throwable, ? extends T> onFailure) {
        StrategyCall<T> call = new StrategyCall<>(name, runner.scheduler(), () -> abandoned(name));
        if (timeout != null) {
            current.set(call);
            if (cancelled) {
                cancel();
            }
        }
        T result = call.invoke(timeout, code, onFailure);
        current.set(null);
        return result;
    }

    private RecoveryOutcome outcome(Step step, Context context) throws Exception {
        RecoveryOutcome outcome = step.strategy().recover(context);
        return outcome == null
                ? RecoveryOutcome.failed(
                        new IllegalStateException("strategy '" + step.name() + "': recover returned null"))
                : outcome;
    }

    /** A recovery counts once the health check of the component confirms it, if there is one. */
    private RecoveryOutcome verified(Step step, RecoveryOutcome outcome) throws Exception {
        BuiltInStrategies.ProbedCheck probed =
                outcome instanceof RecoveryOutcome.Recovered && !BuiltInStrategies.isProbe(step.strategy())
                        ? runner.checkOf(error.record())
                        : null;
        if (probed == null) {
            return outcome;
        }
        Health health = probed.check().check();
        if (health.status() == HealthStatus.UP) {
            return outcome;
        }
        String found = health.status() + (health.error() == null ? "" : ": " + health.error());
        if (health.status() == HealthStatus.DEGRADED || (step.isOwnRestart() && !isInternal(probed))) {
            return RecoveryOutcome.degraded("the health check reports " + found);
        }
        return RecoveryOutcome.failed(new IllegalStateException("component '" + component.name() + "': strategy '"
                + step.name() + "' reported a recovery, but the health check reports " + found));
    }

    private boolean isInternal(BuiltInStrategies.ProbedCheck probed) {
        return probed.isInternal() || hasEvidence;
    }

    /** Ends the recovery in place of its thread, which is stuck in a strategy. */
    private void abandoned(String name) {
        note = "strategy '" + name + "' does not return";
        Permit held = permit;
        if (held != null) {
            held.failure(verdict());
        }
        log.strategyAbandoned(error.record(), name, Duration.ofNanos(runner.now() - strategyStartedNanos));
        runner.abandoned(this);
    }

    /** Makes it end soon. A restart in progress is completed. */
    void cancel() {
        cancelled = true;
        StrategyCall<?> call = current.get();
        if (call != null) {
            call.expire(new CancellationException("the application shuts down"));
        }
    }

    Component component() {
        return component;
    }

    RecordedError error() {
        return error;
    }

    boolean isAttempt() {
        return isAttempt;
    }

    /** Returns whether a restart was tried and did not help, so that the component may be down. */
    boolean needsAnotherRestart() {
        return triedRestart;
    }

    /** Returns whether the component was restarted. */
    boolean hasRestarted() {
        return hasRestarted;
    }

    /** Returns whether a strategy is being tried. */
    boolean isInStrategy() {
        return strategy != null;
    }

    /** Returns whether there was nothing to try, so that there is nothing to report. */
    boolean isEmpty(Result result) {
        return hasNoStrategy && result == Result.SKIPPED;
    }

    RecoveryRecord report(Result result) {
        ErrorRecord what = error.record();
        String why = note;
        return new RecoveryRecord(
                log.nextId(),
                what.id(),
                component.name(),
                what.errorType(),
                what.severity(),
                strategy,
                result,
                why == null ? null : BoundedText.message(why),
                startedAt,
                Duration.ofNanos(Math.max(0, runner.now() - startedNanos)));
    }

    /** Returns what it is doing, for a report of what did not end. */
    String describe() {
        String name = strategy;
        return "component '" + component.name() + "': " + (name == null ? "recovery" : "strategy '" + name + "'");
    }

    private final class Context implements RecoveryContext {
        private final Deadline own;

        Context(Deadline own) {
            this.own = own;
        }

        @Override
        public ErrorRecord record() {
            return error.record();
        }

        @Override
        public Deadline deadline() {
            return own;
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            CountDownLatch over = new CountDownLatch(1);
            Scheduler.Scheduled timer = runner.scheduler().after(duration, over::countDown);
            try {
                if (!over.await(LONGEST_PAUSE_SECONDS, TimeUnit.SECONDS)) {
                    throw new InterruptedException("the scheduler was closed");
                }
            } finally {
                timer.cancel();
            }
        }
    }
}
