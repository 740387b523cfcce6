package io.lynx.recovery.run;

import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.run.StrategyRegistry.Step;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the strategies of one recovery, one after the other and each within its time, and verifies what they report. For the
 * thread of the recovery, but for {@link #cancel}, {@link #strategy} and {@link #isRestarting}.
 */
final class StrategyExecution {
    private static final Duration VERIFICATION_TIMEOUT = Duration.ofSeconds(60);
    /** Far beyond any timeout: only for a scheduler that was closed too early. */
    private static final long LONGEST_PAUSE_SECONDS = 120;

    private final RecoveryRunner runner;
    private final RecordedError error;
    private final Deadline deadline;
    private final BiConsumer<String, StackTraceElement[]> onAbandoned;
    private final AtomicReference<@Nullable StrategyCall<?>> current = new AtomicReference<>();
    private volatile boolean cancelled;
    private volatile @Nullable String strategy;
    private volatile long startedNanos;
    private volatile boolean restarting;
    private boolean hasRestarted;
    private boolean hasEvidence;

    /**
     * Creates it for one recovery.
     *
     * @param onAbandoned receives the name of a strategy that does not return and its stack, on another thread
     */
    StrategyExecution(
            RecoveryRunner runner,
            RecordedError error,
            Deadline deadline,
            BiConsumer<String, StackTraceElement[]> onAbandoned) {
        this.runner = runner;
        this.error = error;
        this.deadline = deadline;
        this.onAbandoned = onAbandoned;
    }

    /** Runs a strategy; returns null if a timer has ended the recovery because it did not return. */
    @Nullable
    RecoveryOutcome run(Step step) {
        strategy = step.name();
        startedNanos = runner.now();
        RecoveryOutcome outcome = step.isOwnRestart() ? restart(step) : runLimited(step);
        hasEvidence |= outcome instanceof RecoveryOutcome.Failed && BuiltInStrategies.isProbe(step.strategy());
        return outcome;
    }

    /** The deadlines of the plugins limit the restart itself. */
    private @Nullable RecoveryOutcome restart(Step step) {
        Context context = new Context(deadline);
        restarting = true;
        RecoveryOutcome outcome = call(step.name(), null, () -> outcome(step, context), StrategyExecution::failedBy);
        restarting = false;
        if (!(outcome instanceof RecoveryOutcome.Recovered)) {
            return outcome;
        }
        hasRestarted = true;
        return call(step.name(), VERIFICATION_TIMEOUT, () -> verified(step, outcome), StrategyExecution::failedBy);
    }

    /** The strategy's own timeout replaces the longest one as soon as the strategy has returned it. */
    private @Nullable RecoveryOutcome runLimited(Step step) {
        Duration longest = StrategyCall.shorter(RecoveryStrategy.LONGEST_TIMEOUT, deadline.remaining());
        return call(
                step.name(),
                longest,
                () -> {
                    Duration timeout = StrategyCall.timeout(step.strategy(), longest);
                    Objects.requireNonNull(current.get()).limit(timeout);
                    return verified(step, outcome(step, new Context(deadline.atMost(timeout))));
                },
                StrategyExecution::failedBy);
    }

    private static RecoveryOutcome failedBy(Throwable thrown) {
        boolean isBroken = thrown instanceof VirtualMachineError || thrown instanceof LinkageError;
        return new RecoveryOutcome.Failed(thrown, !isBroken);
    }

    /** Calls code of the user within {@code timeout}; returns null if it was abandoned. */
    <T> @Nullable T call(
            String name,
            @Nullable Duration timeout,
            Callable<? extends T> code,
            Function<Throwable, ? extends T> onFailure) {
        StrategyCall<T> call = new StrategyCall<>(name, runner.scheduler(), stack -> onAbandoned.accept(name, stack));
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
                        ? runner.engine().checkOf(error.record())
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
        return RecoveryOutcome.failed(
                new IllegalStateException("component '" + error.record().component() + "': strategy '" + step.name()
                        + "' reported a recovery, but the health check reports " + found));
    }

    private boolean isInternal(BuiltInStrategies.ProbedCheck probed) {
        return probed.isInternal() || hasEvidence;
    }

    /** Makes it end soon. A restart in progress is completed. */
    void cancel() {
        cancelled = true;
        StrategyCall<?> call = current.get();
        if (call != null) {
            call.expire(new CancellationException("the application shuts down"));
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Returns the strategy that was tried last, or is being tried; null before the first. */
    @Nullable
    String strategy() {
        return strategy;
    }

    /** Returns the time since that strategy was started. */
    Duration sinceStart() {
        return Duration.ofNanos(runner.now() - startedNanos);
    }

    /** Returns whether the component is being restarted now. */
    boolean isRestarting() {
        return restarting;
    }

    /** Returns whether the component was restarted. */
    boolean hasRestarted() {
        return hasRestarted;
    }

    /** Returns whether the health check failed for a cause inside the process. */
    boolean hasEvidence() {
        return hasEvidence;
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
