package io.lynx.recovery;

/** Gives up a part of the service. */
final class DegradeStrategy implements RecoveryStrategy {
    private final String note;
    private final RecoveryAction action;

    DegradeStrategy(String note, RecoveryAction action) {
        this.note = note;
        this.action = action;
    }

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
