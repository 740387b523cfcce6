package io.lynx.recovery.run;

import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ComponentRecovery.RecoveryAction;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.Restarter;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The strategies that the framework brings. Stateless; the strategies are thread-safe. */
public final class BuiltInStrategies {
    static final int PROBES = 4;
    private static final Duration FIRST_PROBE_PAUSE = Duration.ofMillis(500);
    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_ATTEMPT_PAUSE = Duration.ofMillis(100);

    private BuiltInStrategies() {}

    /** Returns a strategy that runs the action of a component until it returns, a few times. */
    public static RecoveryStrategy retry(Function<String, @Nullable RecoveryAction> actions) {
        return new BuiltIn(
                "retry",
                Kind.RETRY,
                Duration.ofSeconds(15),
                record -> actions.apply(record.component()) != null && isRetryable(record.disposition()),
                context -> retry(actions.apply(context.record().component()), context));
    }

    /** Returns a strategy that stops and starts a component. */
    public static RecoveryStrategy restart(Restarter restarter) {
        return new BuiltIn(
                "restart",
                Kind.RESTART,
                RecoveryStrategy.LONGEST_TIMEOUT,
                record -> restarter.canRestart(record.component()),
                context -> {
                    restarter.restart(context.record().component());
                    return RecoveryOutcome.recovered();
                });
    }

    /** Returns a strategy that switches a component to its replacement. */
    public static RecoveryStrategy fallback(Function<String, @Nullable RecoveryAction> actions) {
        return new BuiltIn(
                "fallback",
                Kind.LAST_RESORT,
                Duration.ofSeconds(10),
                record -> actions.apply(record.component()) != null,
                context -> replace(actions.apply(context.record().component()), "fallback active", context));
    }

    /** Returns a strategy that disables a part of the service. */
    public static RecoveryStrategy degrade(String note, RecoveryAction action) {
        return new BuiltIn(
                "degrade",
                Kind.LAST_RESORT,
                Duration.ofSeconds(10),
                _ -> true,
                context -> replace(action, note, context));
    }

    /**
     * Returns a strategy that runs the health check of the error's component. One that reported the error itself is run up to
     * four times with growing pauses, as an external cause may pass. If the check goes on failing, this counts as skipped, or
     * as failed if the cause is inside the process, which is the evidence that a restart needs.
     */
    static RecoveryStrategy probe(Function<ErrorRecord, @Nullable ProbedCheck> checks) {
        return new BuiltIn(
                "probe",
                Kind.PROBE,
                Duration.ofSeconds(30),
                record -> checks.apply(record) != null,
                context -> probe(checks.apply(context.record()), context));
    }

    /** Returns whether the strategy is tried even if another attempt cannot help. */
    static boolean isLastResort(RecoveryStrategy strategy) {
        return strategy instanceof BuiltIn builtIn && builtIn.kind() == Kind.LAST_RESORT;
    }

    /** Returns whether the strategy only finds out whether the component works. */
    static boolean isProbe(RecoveryStrategy strategy) {
        return strategy instanceof BuiltIn builtIn && builtIn.kind() == Kind.PROBE;
    }

    /** A health check that a recovery may run. */
    record ProbedCheck(HealthCheck check, boolean isInternal) {}

    private enum Kind {
        PROBE,
        RETRY,
        RESTART,
        LAST_RESORT
    }

    /** What a built-in strategy does. */
    @FunctionalInterface
    private interface Recovery {
        RecoveryOutcome recover(RecoveryContext context) throws Exception;
    }

    private record BuiltIn(
            String name, Kind kind, Duration timeout, Predicate<ErrorRecord> applicable, Recovery recovery)
            implements RecoveryStrategy {
        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return kind != Kind.PROBE;
        }

        @Override
        public boolean canRecover(ErrorRecord record) {
            return applicable.test(record);
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            return recovery.recover(context);
        }

        @Override
        public boolean restarts() {
            return kind == Kind.RESTART;
        }
    }

    private static RecoveryOutcome probe(@Nullable ProbedCheck probed, RecoveryContext context)
            throws InterruptedException {
        if (probed == null) {
            return RecoveryOutcome.skipped("the health check was removed");
        }
        ErrorRecord record = context.record();
        int attempts = record.origin() instanceof ErrorOrigin.Check ? PROBES : 1;
        Duration pause = FIRST_PROBE_PAUSE;
        for (int attempt = 1; ; attempt++) {
            Health health = run(probed.check());
            if (health.status() == HealthStatus.UP || health.status() == HealthStatus.DEGRADED) {
                return RecoveryOutcome.recovered();
            }
            if (attempt == attempts || context.deadline().isExpired()) {
                String what = "the health check still fails: " + health.error();
                return isInternal(record, probed)
                        ? RecoveryOutcome.failed(new IllegalStateException(what))
                        : RecoveryOutcome.skipped(what);
            }
            context.pause(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static boolean isInternal(ErrorRecord record, ProbedCheck probed) {
        return probed.isInternal()
                || (record.origin() instanceof ErrorOrigin.Check(String _, ErrorOrigin.Cause cause)
                        && cause == ErrorOrigin.Cause.INTERNAL);
    }

    private static Health run(HealthCheck check) throws InterruptedException {
        try {
            return check.check();
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Exception failure) {
            return Health.down(failure);
        }
    }

    private static boolean isRetryable(Disposition disposition) {
        return switch (disposition) {
            case TRANSIENT, THROTTLED, UNKNOWN -> true;
            case PERMANENT, FATAL, CANCELLED, REJECTED -> false;
        };
    }

    private static RecoveryOutcome retry(@Nullable RecoveryAction action, RecoveryContext context)
            throws InterruptedException {
        if (action == null) {
            return RecoveryOutcome.skipped("the component has no action to retry");
        }
        Duration pause = FIRST_ATTEMPT_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                action.run(context);
                return RecoveryOutcome.recovered();
            } catch (InterruptedException stop) {
                throw stop;
            } catch (Exception failure) {
                if (attempt == ATTEMPTS || context.deadline().isExpired()) {
                    return RecoveryOutcome.failed(failure);
                }
            }
            context.pause(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static RecoveryOutcome replace(@Nullable RecoveryAction action, String note, RecoveryContext context)
            throws Exception {
        if (action == null) {
            return RecoveryOutcome.skipped("the component has no fallback");
        }
        action.run(context);
        return RecoveryOutcome.degraded(note);
    }
}
