package io.lynx.event;

import io.lynx.time.Deadline;

/** A handler's place on a bus, with its own queue and its own thread. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** Its name, unique on its bus. */
    String name();

    /** What it is for. */
    TopicFilter<?> filter();

    /** Its account. */
    SubscriptionSnapshot snapshot();

    /**
     * Closes it without waiting: what is queued is dropped as {@link DropReason#UNDELIVERED}, what the handler has in
     * hand it may finish. Idempotent; may be called from inside the handler.
     */
    @Override
    void close();

    /**
     * Closes it in order: takes nothing more, hands over what is queued, and gives up at the deadline. A handler that is
     * still busy then is interrupted. A paused bus hands nothing over. Called from inside the handler, it does not wait
     * for itself. Idempotent: a second call finds nothing left.
     *
     * @return what was not handed over
     */
    Undelivered close(Deadline deadline);
}
