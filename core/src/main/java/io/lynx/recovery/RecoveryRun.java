package io.lynx.recovery;

import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.StrategyRegistry.Step;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Permit;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One recovery of one component, from the breaker's permit to its verdict. Runs on a thread of its own, which does
 * nothing but wait for the strategies' threads; only {@link #cancel} and {@link #describe} are for others.
 */
final class RecoveryRun implements Runnable {
    private final RecoveryRunner recoveries;
    private final RecoveryLog ledger;
    private final Component component;
    private final ErrorEntry error;
    private final List<Step> chain;
    private final Deadline deadline;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicReference<@Nullable StrategyRun> current = new AtomicReference<>();
    private volatile boolean cancelled;
    private @Nullable Throwable failure;
    private @Nullable String note;
    private volatile @Nullable String strategy;
    private boolean triedRestart;

    RecoveryRun(RecoveryRunner recoveries, Component component, ErrorEntry error, List<Step> chain, Deadline deadline) {
        this.recoveries = recoveries;
        this.ledger = recoveries.ledger();
        this.component = component;
        this.error = error;
        this.chain = chain;
        this.deadline = deadline;
        this.startedAt = ledger.instant();
        this.startedNanos = recoveries.now();
    }

    @Override
    public void run() {
        Result result = Result.FAILED;
        try {
            result = fly();
        } catch (RuntimeException | StackOverflowError unexpected) {
            failure = unexpected;
        } finally {
            recoveries.landed(this, result);
        }
    }

    private Result fly() {
        CircuitBreaker breaker = recoveries.breaker(error.record().errorType());
        try (Permit permit = breaker.tryAcquire()) {
            if (permit == null) {
                note = "the recovery breaker is " + breaker.state().label();
                return Result.REFUSED;
            }
            ledger.recoveryStarted(error.record());
            Result result = tryAll();
            switch (result) {
                case RECOVERED -> permit.success();
                case FAILED -> judge(permit);
                case ABANDONED -> permit.failure(verdict());
                case DEGRADED, SKIPPED, CANCELLED, REFUSED, PARKED -> permit.ignore();
            }
            return result;
        }
    }

    /** What is away outside is no verdict on the strategies: they will be needed as soon as it is back. */
    private void judge(Permit permit) {
        if (RecoveryPolicy.isOutside(error.record())) {
            permit.ignore();
        } else {
            permit.failure(verdict());
        }
    }

    /** Wrapped, as the breaker takes some exceptions for no verdict that are one here. */
    private IllegalStateException verdict() {
        return new IllegalStateException("recovery of '" + component.name() + "' failed", failure);
    }

    private Result tryAll() {
        boolean lastResortsOnly = false;
        for (Step step : chain) {
            if (lastResortsOnly && !step.isLastResort()) {
                continue;
            }
            if (cancelled) {
                return Result.CANCELLED;
            }
            if (deadline.isExpired()) {
                note = "no time was left for '" + step.name() + "'";
                return end(Result.FAILED);
            }
            if (step.restarts()) {
                if (!component.restarts().tryRestart(recoveries.now())) {
                    note = component.restarts().tooMany();
                    return Result.PARKED;
                }
                triedRestart = true;
            }
            long began = recoveries.now();
            StrategyRun.End end = run(step);
            Duration took = Duration.ofNanos(recoveries.now() - began);
            switch (end) {
                case StrategyRun.Abandoned() -> {
                    ledger.strategyAbandoned(error.record(), step.name(), took);
                    note = "strategy '" + step.name() + "' does not end";
                    return Result.ABANDONED;
                }
                case StrategyRun.Returned(RecoveryOutcome outcome) -> {
                    ledger.strategyFinished(error.record(), step.name(), outcome, took);
                    switch (outcome) {
                        case RecoveryOutcome.Recovered() -> {
                            return Result.RECOVERED;
                        }
                        case RecoveryOutcome.Degraded(String what) -> {
                            note = what;
                            return Result.DEGRADED;
                        }
                        case RecoveryOutcome.Failed(Throwable cause, boolean retryable) -> {
                            failure = cause;
                            note = describe(cause);
                            lastResortsOnly |= !retryable;
                        }
                        case RecoveryOutcome.Skipped(String reason) -> note = failure == null ? reason : note;
                    }
                }
            }
        }
        return end(failure == null ? Result.SKIPPED : Result.FAILED);
    }

    private static String describe(Throwable cause) {
        try {
            return cause.toString();
        } catch (RuntimeException hostile) {
            return cause.getClass().getName();
        }
    }

    /** What a flight comes to that nothing has helped. */
    private Result end(Result result) {
        if (cancelled) {
            return Result.CANCELLED;
        }
        return error.record().severity() == ErrorSeverity.CRITICAL ? Result.PARKED : result;
    }

    private StrategyRun.End run(Step step) {
        strategy = step.name();
        StrategyRun run = recoveries.runs().create(step, error.record(), component, deadline);
        try {
            run.start(recoveries.threads());
        } catch (RejectedExecutionException | IllegalStateException noThread) {
            return new StrategyRun.Returned(RecoveryOutcome.failed(noThread));
        }
        current.set(run);
        if (cancelled) {
            run.expire(new CancellationException("the application stops"));
        }
        StrategyRun.End end = run.await();
        current.set(null);
        return end;
    }

    /** Ends it soon. */
    void cancel() {
        cancelled = true;
        StrategyRun run = current.get();
        if (run != null) {
            run.expire(new CancellationException("the application stops"));
        }
    }

    Component component() {
        return component;
    }

    ErrorEntry error() {
        return error;
    }

    /** Whether a restart was tried and did not help, so that the component may be down. */
    boolean needsAnotherRestart() {
        return triedRestart;
    }

    RecoveryRecord report(Result result) {
        ErrorRecord what = error.record();
        return new RecoveryRecord(
                ledger.nextId(),
                what.id(),
                component.name(),
                what.errorType(),
                what.severity(),
                strategy,
                result,
                note == null ? null : BoundedText.message(note),
                startedAt,
                Duration.ofNanos(Math.max(0, recoveries.now() - startedNanos)));
    }

    /** What it is doing, for a report of what did not end. */
    String describe() {
        return describe(component.name(), strategy);
    }

    static String describe(String component, @Nullable String strategy) {
        return "component '" + component + "': " + (strategy == null ? "recovery" : "strategy '" + strategy + "'");
    }
}
