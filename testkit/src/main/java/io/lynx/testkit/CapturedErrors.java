package io.lynx.testkit;

import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.RecoveryEvent;
import io.lynx.recovery.RecoveryRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The errors that a test's application recorded in full, and the recoveries that ended. Thread-safe. */
public final class CapturedErrors {
    private final List<ErrorRecord> all = new CopyOnWriteArrayList<>();
    private final List<RecoveryRecord> recoveries = new CopyOnWriteArrayList<>();

    CapturedErrors() {}

    void on(RecoveryEvent event) {
        if (event instanceof RecoveryEvent.ErrorRecorded(ErrorRecord error)) {
            all.add(error);
        } else if (event instanceof RecoveryEvent.RecoveryFinished(RecoveryRecord recovery)) {
            recoveries.add(recovery);
        }
    }

    /** Returns all errors, in the order in which they were recorded. */
    public List<ErrorRecord> all() {
        return List.copyOf(all);
    }

    /** Returns the errors of a component, such as a plugin's id. */
    public List<ErrorRecord> of(String component) {
        return all.stream().filter(error -> error.component().equals(component)).toList();
    }

    /**
     * Waits for the first error of a component and returns it.
     *
     * @throws AssertionError if there is none within {@link Await#PATIENCE}
     */
    public ErrorRecord await(String component) {
        return Await.value("an error of '" + component + "' is recorded", () -> first(component));
    }

    private Optional<ErrorRecord> first(String component) {
        return of(component).stream().findFirst();
    }

    /** Returns the recoveries that have ended. */
    public List<RecoveryRecord> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Forgets what was captured. */
    public void clear() {
        all.clear();
        recoveries.clear();
    }
}
