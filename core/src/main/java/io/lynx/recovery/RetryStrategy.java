package io.lynx.recovery;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a component's action until it returns, a few times. */
final class RetryStrategy implements RecoveryStrategy {
    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Function<String, @Nullable RecoveryAction> actions;

    /**
     * A strategy.
     *
     * @param actions the action of a component; null if it has none
     */
    RetryStrategy(Function<String, @Nullable RecoveryAction> actions) {
        this.actions = actions;
    }

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
