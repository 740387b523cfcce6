package io.lynx.jdbc.outbox;

import io.lynx.metrics.Metric;
import java.util.List;

/** The metrics of outboxes and inboxes. */
final class OutboxMetrics {
    /** {@code lynx_outbox_waiting} */
    static final Metric WAITING = Metric.gauge(
            "lynx_outbox_waiting",
            "Events that wait in the outbox, up to 100,000; every instance reports them.",
            "outbox");

    /** {@code lynx_outbox_oldest_age_seconds} */
    static final Metric OLDEST_AGE = Metric.gauge(
            "lynx_outbox_oldest_age_seconds", "Age of the oldest event that waits; 0 if none does.", "outbox");

    /** {@code lynx_outbox_dead_letters} */
    static final Metric DEAD_LETTERS = Metric.gauge(
            "lynx_outbox_dead_letters", "Dead letters in the table of the outbox, up to 100,000.", "outbox");

    /** {@code lynx_outbox_leader} */
    static final Metric LEADER =
            Metric.gauge("lynx_outbox_leader", "1 in the instance that delivers the events, otherwise 0.", "outbox");

    /** {@code lynx_outbox_written_total} */
    static final Metric WRITTEN = Metric.counter(
            "lynx_outbox_written_total",
            "Events that were written in a transaction of this instance, rolled back ones included.",
            "outbox");

    /** {@code lynx_outbox_delivered_total} */
    static final Metric DELIVERED = Metric.counter(
            "lynx_outbox_delivered_total",
            "Events that this instance delivered, by outcome: delivered, retried or dead_letter.",
            "outbox",
            "outcome");

    /** {@code lynx_inbox_events_total} */
    static final Metric INBOX = Metric.counter(
            "lynx_inbox_events_total",
            "Events that handlers passed to the inbox, by outcome: first, or duplicate (it was left out).",
            "inbox",
            "outcome");

    /** All of them, in the order of the reference page. */
    static final List<Metric> ALL = List.of(WAITING, OLDEST_AGE, DEAD_LETTERS, LEADER, WRITTEN, DELIVERED, INBOX);

    private OutboxMetrics() {}
}
