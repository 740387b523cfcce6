package io.lynx.event;

import java.time.Duration;
import java.util.List;

/**
 * The result of closing the buses. Immutable.
 *
 * @param took how long it took
 * @param undelivered the subscriptions that had events left; empty if all were delivered
 */
public record EventsCloseReport(Duration took, List<Undelivered> undelivered) {
    /** Copies the list. */
    public EventsCloseReport {
        undelivered = List.copyOf(undelivered);
    }

    /** Returns whether every event was delivered. */
    public boolean isClean() {
        return undelivered.isEmpty();
    }

    /** Returns how many events were left. */
    public int count() {
        return undelivered.stream().mapToInt(Undelivered::count).sum();
    }
}
