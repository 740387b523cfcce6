package io.lynx.event;

import java.time.Duration;
import java.util.List;

/**
 * How the closing of the buses went. Immutable.
 *
 * @param took how long
 * @param undelivered the subscriptions that had something left, with what it was; empty if all was delivered
 */
public record EventsCloseReport(Duration took, List<Undelivered> undelivered) {
    /** Copies the list. */
    public EventsCloseReport {
        undelivered = List.copyOf(undelivered);
    }

    /** Whether everything was delivered. */
    public boolean isClean() {
        return undelivered.isEmpty();
    }

    /** How many events were left. */
    public int count() {
        return undelivered.stream().mapToInt(Undelivered::count).sum();
    }
}
