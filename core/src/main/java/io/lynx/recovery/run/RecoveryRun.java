package io.lynx.recovery.run;

import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.extension.UserCode;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryCloseReport.UnfinishedRecovery;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryRecord;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.classify.BoundedText;
import io.lynx.recovery.run.Component.Phase;
import io.lynx.recovery.run.Component.Quarantine;
import io.lynx.recovery.run.StrategyRegistry.Step;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Permit;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recovery of one component, from the selection of strategies to the verdict, on a thread of its own. If a strategy
 * does not return, a timer ends the recovery in its place, and the thread only reports when the strategy does return. Other
 * threads may call {@link #cancel} and {@link #unfinished}.
 */
final class RecoveryRun implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryRun.class);
    private static final Duration SELECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final int FRAMES = 12;

    private final RecoveryRunner runner;
    private final RecoveryLog log;
    private final Component component;
    private final RecordedError error;
    private final Deadline deadline;
    private final boolean isAttempt;
    private final Instant startedAt;
    private final long startedNanos;
    private final StrategyExecution execution;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Permit permit;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable String note;
    /** Completes when the timer that has abandoned this recovery has done all that belongs to it. */
    private final CompletableFuture<@Nullable Void> abandonment = new CompletableFuture<>();

    private Result verdict = Result.FAILED;
    private boolean hasNoStrategy;
    private boolean triedRestart;

    RecoveryRun(RecoveryRunner runner, Component component, RecordedError error, Deadline deadline) {
        this.runner = runner;
        this.log = runner.log();
        this.component = component;
        this.error = error;
        this.deadline = deadline;
        this.execution = new StrategyExecution(runner, error, deadline, this::abandoned);
        this.startedAt = log.instant();
        this.startedNanos = runner.now();
        Quarantine quarantine = component.quarantine();
        this.isAttempt = quarantine != null && quarantine.phase() == Phase.ATTEMPT;
    }

    @Override
    public void run() {
        RequestScope context = RequestScope.of("recovery-" + error.record().id(), deadline);
        runner.engine().run(this, context, this::runInContext);
    }

    private void runInContext() {
        thread = Thread.currentThread();
        try {
            verdict = recover();
        } catch (RuntimeException | StackOverflowError unexpected) {
            failure = unexpected;
        } finally {
            if (verdict == Result.ABANDONED) {
                // The strategy may have returned while the timer is still at it.
                var _ = abandonment.thenRun(() -> runner.strayEnded(this));
            } else {
                runner.ended(this, verdict);
            }
        }
    }

    /** Returns how it ended; ABANDONED if a timer has ended it before. */
    private Result recover() {
        List<Step> chain = select();
        if (chain == null) {
            return Result.ABANDONED;
        }
        if (execution.isCancelled()) {
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
        if (isAttempt) {
            log.recoveryStarted(error.record());
            return tryAll(chain);
        }
        Permit own = breaker().tryAcquire();
        if (own == null) {
            note = "the recovery breaker is " + breaker().state().label();
            return Result.REFUSED;
        }
        permit = own;
        Result result = Result.FAILED;
        try {
            log.recoveryStarted(error.record());
            result = tryAll(chain);
            judge(own, result);
        } finally {
            if (result != Result.ABANDONED) {
                own.close();
            }
        }
        return result;
    }

    /** Returns the strategies to try; null if a timer has ended the recovery because one of them did not answer. */
    private @Nullable List<Step> select() {
        ErrorRecord record = error.record();
        return execution.call(
                "selection",
                StrategyCall.shorter(SELECTION_TIMEOUT, deadline.remaining()),
                () -> isAttempt
                        ? runner.engine().strategies().attempt(record)
                        : runner.engine().strategies().chain(record),
                thrown -> {
                    failure = thrown;
                    return List.of();
                });
    }

    private CircuitBreaker breaker() {
        return runner.engine().breakers().get(error.record().errorType());
    }

    /** Ends the span of this recovery. */
    void end(Span span) {
        switch (verdict) {
            case RECOVERED, DEGRADED, SKIPPED, CANCELLED -> span.end("");
            case FAILED, ABANDONED, REFUSED, PARKED -> {
                Throwable cause = failure;
                if (cause == null) {
                    span.end(verdict.name().toLowerCase(Locale.ROOT));
                } else {
                    span.end(cause);
                }
            }
        }
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
            case DEGRADED, SKIPPED, CANCELLED, REFUSED, PARKED -> own.ignore();
            case ABANDONED -> {} // The timer judges.
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
            if (execution.isCancelled()) {
                return Result.CANCELLED;
            }
            if (deadline.isExpired() && !step.isOwnRestart()) {
                note = "no time was left for '" + step.name() + "'";
                return failed(Result.FAILED);
            }
            if (step.restarts() && !countRestart()) {
                return Result.PARKED;
            }
            RecoveryOutcome outcome = execution.run(step);
            if (outcome == null) {
                return Result.ABANDONED;
            }
            log.strategyFinished(error.record(), step.name(), outcome, execution.sinceStart());
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
                    case ON_EVIDENCE -> execution.hasEvidence();
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
        if (execution.isCancelled()) {
            return Result.CANCELLED;
        }
        return error.record().severity() == ErrorSeverity.CRITICAL && !triedRestart ? Result.PARKED : result;
    }

    /** Ends the recovery in place of its thread, which is stuck in a strategy. */
    private void abandoned(String name, StackTraceElement[] stack) {
        try {
            endInPlace(name, stack);
        } finally {
            boolean _ = abandonment.complete(null);
        }
    }

    private void endInPlace(String name, StackTraceElement[] stack) {
        note = (execution.strategy() == null ? "the selection of strategies" : "strategy '" + name + "'")
                + " does not return";
        LOG.atWarn()
                .addKeyValue("component", component.name())
                .addKeyValue("strategy", name)
                .addKeyValue("stack", Arrays.stream(stack).limit(FRAMES).toList())
                .log("Recovery of component '{}' was abandoned: {}", component.name(), note);
        Permit held = permit;
        if (held != null) {
            held.failure(verdict());
        }
        log.strategyAbandoned(error.record(), name, execution.sinceStart());
        runner.abandoned(this);
    }

    /** Makes it end soon. A restart in progress is completed. */
    void cancel() {
        execution.cancel();
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
        return execution.hasRestarted();
    }

    /** Returns whether a strategy is being tried. */
    boolean isInStrategy() {
        return execution.strategy() != null;
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
                execution.strategy(),
                result,
                why == null ? null : BoundedText.message(why),
                startedAt,
                Duration.ofNanos(Math.max(0, runner.now() - startedNanos)));
    }

    /** Returns whether it restarts its component, which is never cut off. */
    boolean isRestarting() {
        return execution.isRestarting();
    }

    /** Returns what it is doing, for a report of what did not end. */
    UnfinishedRecovery unfinished() {
        String name = execution.strategy();
        Thread own = thread;
        return new UnfinishedRecovery(
                "component '" + component.name() + "': " + (name == null ? "recovery" : "strategy '" + name + "'"),
                Duration.ofNanos(Math.max(0, runner.now() - startedNanos)),
                own == null ? List.of() : List.of(own.getStackTrace()));
    }
}
