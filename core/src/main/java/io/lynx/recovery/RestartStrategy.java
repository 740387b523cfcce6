package io.lynx.recovery;

import java.time.Duration;

/** Stops and starts a component. */
final class RestartStrategy implements RecoveryStrategy {
    private final Restarter restarter;

    RestartStrategy(Restarter restarter) {
        this.restarter = restarter;
    }

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
        restarter.restart(context.record().component(), context.deadline());
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
