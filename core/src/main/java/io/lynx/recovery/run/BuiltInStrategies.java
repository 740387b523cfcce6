package io.lynx.recovery.run;

import io.lynx.health.Health;
import io.lynx.health.HealthCheck;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.Disposition;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryAction;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.Restarter;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The strategies that the framework brings. Stateless; the strategies are thread-safe. */
public final class BuiltInStrategies {
    private BuiltInStrategies() {}

    /** Returns a strategy that runs the action of a component until it returns, a few times. */
    public static RecoveryStrategy retry(Function<String, @Nullable RecoveryAction> actions) {
        return new Retry(actions);
    }

    /** Returns a strategy that stops and starts a component. */
    public static RecoveryStrategy restart(Restarter restarter) {
        return new Restart(restarter);
    }

    /** Returns a strategy that switches a component to its replacement. */
    public static RecoveryStrategy fallback(Function<String, @Nullable RecoveryAction> actions) {
        return new SwitchToFallback(actions);
    }

    /** Returns a strategy that disables a part of the service. */
    public static RecoveryStrategy degrade(String note, RecoveryAction action) {
        return new Degrade(note, action);
    }

    /** Returns whether the strategy is tried even if another attempt cannot help. */
    static boolean isLastResort(RecoveryStrategy strategy) {
        return strategy instanceof SwitchToFallback || strategy instanceof Degrade;
    }

    /** A health check that a recovery may run. */
    record ProbedCheck(HealthCheck check, boolean isInternal) {}

    /**
     * Runs the health check of the error's component. One that reported the error itself is run up to four times with growing
     * pauses, as an external cause may pass. If the check goes on failing, this counts as skipped, or as failed if the cause is inside the process,
     * which is the evidence that a restart needs.
     */
    static final class Probe implements RecoveryStrategy {
        static final int ATTEMPTS = 4;
        private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

        private final Function<ErrorRecord, @Nullable ProbedCheck> checks;

        Probe(Function<ErrorRecord, @Nullable ProbedCheck> checks) {
            this.checks = checks;
        }

        @Override
        public String name() {
            return "probe";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return false;
        }

        @Override
        public boolean canRecover(ErrorRecord record) {
            return checks.apply(record) != null;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws InterruptedException {
            ProbedCheck probed = checks.apply(context.record());
            if (probed == null) {
                return RecoveryOutcome.skipped("the health check was removed");
            }
            int attempts = context.record().origin() instanceof ErrorOrigin.Check ? ATTEMPTS : 1;
            Duration pause = FIRST_PAUSE;
            for (int attempt = 1; ; attempt++) {
                Health health = run(probed.check());
                if (health.status() == HealthStatus.UP || health.status() == HealthStatus.DEGRADED) {
                    return RecoveryOutcome.recovered();
                }
                if (attempt == attempts || context.deadline().isExpired()) {
                    String what = "the health check still fails: " + health.error();
                    return isInternal(context.record(), probed)
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

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(30);
        }
    }

    private record Retry(Function<String, @Nullable RecoveryAction> actions) implements RecoveryStrategy {
        private static final int ATTEMPTS = 3;
        private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

        @Override
        public String name() {
            return "retry";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public boolean canRecover(ErrorRecord record) {
            return actions.apply(record.component()) != null && isRetryable(record.disposition());
        }

        private static boolean isRetryable(Disposition disposition) {
            return switch (disposition) {
                case TRANSIENT, THROTTLED, UNKNOWN -> true;
                case PERMANENT, FATAL, CANCELLED, REJECTED -> false;
            };
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            RecoveryAction action = actions.apply(context.record().component());
            if (action == null) {
                return RecoveryOutcome.skipped("the component has no action to retry");
            }
            Duration pause = FIRST_PAUSE;
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

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(15);
        }
    }

    private record Restart(Restarter restarter) implements RecoveryStrategy {
        @Override
        public String name() {
            return "restart";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public boolean canRecover(ErrorRecord record) {
            return restarter.canRestart(record.component());
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            restarter.restart(context.record().component());
            return RecoveryOutcome.recovered();
        }

        @Override
        public Duration timeout() {
            return LONGEST_TIMEOUT;
        }

        @Override
        public boolean restarts() {
            return true;
        }
    }

    private record SwitchToFallback(Function<String, @Nullable RecoveryAction> actions) implements RecoveryStrategy {
        @Override
        public String name() {
            return "fallback";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public boolean canRecover(ErrorRecord record) {
            return actions.apply(record.component()) != null;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            RecoveryAction action = actions.apply(context.record().component());
            if (action == null) {
                return RecoveryOutcome.skipped("the component has no fallback");
            }
            action.run(context);
            return RecoveryOutcome.degraded("fallback active");
        }
    }

    private record Degrade(String note, RecoveryAction action) implements RecoveryStrategy {
        @Override
        public String name() {
            return "degrade";
        }

        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) throws Exception {
            action.run(context);
            return RecoveryOutcome.degraded(note);
        }
    }
}
