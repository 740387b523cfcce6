package io.lynx.recovery;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Switches a component to its replacement. */
final class FallbackStrategy implements RecoveryStrategy {
    private final Function<String, @Nullable RecoveryAction> actions;

    /**
     * A strategy.
     *
     * @param actions what switches a component over; null if it has no replacement
     */
    FallbackStrategy(Function<String, @Nullable RecoveryAction> actions) {
        this.actions = actions;
    }

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
