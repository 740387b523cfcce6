package io.lynx.recovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an observer throws away from those who record errors. Thread-safe. */
final class GuardedObserver implements RecoveryObserver {
    private static final Logger log = LoggerFactory.getLogger(RecoveryObserver.class);

    private final RecoveryObserver observer;
    private final AtomicBoolean hasThrown = new AtomicBoolean();

    GuardedObserver(RecoveryObserver observer) {
        this.observer = observer;
    }

    @Override
    public void errorRecorded(String errorType, ErrorSeverity severity, String component) {
        try {
            observer.errorRecorded(errorType, severity, component);
        } catch (RuntimeException | StackOverflowError failure) {
            threw(failure);
        }
    }

    @Override
    public void strategyEnded(
            String component, String errorType, String strategy, @Nullable RecoveryOutcome outcome, Duration took) {
        try {
            observer.strategyEnded(component, errorType, strategy, outcome, took);
        } catch (RuntimeException | StackOverflowError failure) {
            threw(failure);
        }
    }

    @Override
    public void recoveryEnded(RecoveryRecord recovery) {
        try {
            observer.recoveryEnded(recovery);
        } catch (RuntimeException | StackOverflowError failure) {
            threw(failure);
        }
    }

    private void threw(Throwable failure) {
        if (hasThrown.compareAndSet(false, true)) {
            log.atWarn().setCause(failure).log("The observer of recoveries failed; said once");
        }
    }
}
