package io.lynx.opentelemetry;

import io.lynx.time.Deadline;
import java.util.Collection;

/**
 * The destination of pushed metrics or spans. One push runs at a time; {@link #abort} may be called meanwhile.
 *
 * @param <T> what is pushed
 */
interface Destination<T> {
    /** Sends {@code items} and waits for the result, until {@code deadline} at most. Never throws. */
    Delivery deliver(Collection<T> items, Deadline deadline);

    /** Ends the push in progress, if there is one. */
    void abort();
}
