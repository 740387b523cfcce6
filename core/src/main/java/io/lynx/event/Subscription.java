package io.lynx.event;

import io.lynx.extension.Registration;
import io.lynx.time.Deadline;

/** The registration of a handler on a bus, with its own queue and its own thread. Thread-safe. */
public interface Subscription extends Registration {
    /** Returns its name, unique on its bus. */
    String name();

    /** Returns which topics it receives. */
    TopicFilter<?> filter();

    /** Returns its account. */
    SubscriptionSnapshot snapshot();

    /**
     * Closes it without waiting: queued events are dropped as {@link DropReason#UNDELIVERED}, the handler may finish the event
     * that it has. Idempotent; may be called from inside the handler.
     */
    @Override
    void close();

    /**
     * Closes it in order: accepts nothing more, delivers what is queued, and drops the rest at the deadline. A handler that is
     * still busy then is interrupted. A paused bus delivers nothing. Idempotent: a second call finds nothing left.
     *
     * <p>Called from inside the handler, it returns at once with nothing undelivered: the queue is delivered after the handler has
     * returned, and what is left at the deadline is logged.
     *
     * @return what was not delivered
     */
    Undelivered close(Deadline deadline);
}
