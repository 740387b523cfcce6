package io.lynx.event.bridge;

import io.lynx.metrics.Metric;
import java.util.List;

/** The metrics of bridges. */
final class BridgeMetrics {
    /** {@code lynx_event_bridge_forwarded_total} */
    static final Metric FORWARDED = Metric.counter(
            "lynx_event_bridge_forwarded_total",
            "Events that a bridge sent, by outcome: acknowledged, dead_letter, lost (the channel of dead letters refuses"
                    + " it too), or undelivered at the shutdown.",
            "bridge",
            "outcome");

    /** {@code lynx_event_bridge_received_total} */
    static final Metric RECEIVED = Metric.counter(
            "lynx_event_bridge_received_total",
            "Events that a bridge received, by outcome: processed, own, unclaimed (nothing subscribes), poison (cannot be"
                    + " read), failed (its handlers), lost (the channel of dead letters refuses it), or returned to the broker.",
            "bridge",
            "outcome");

    /** {@code lynx_event_bridge_retries_total} */
    static final Metric RETRIES = Metric.counter(
            "lynx_event_bridge_retries_total",
            "Further attempts of a bridge to send events or to deliver one to handlers: direction is out or in.",
            "bridge",
            "direction");

    /** {@code lynx_event_bridge_dead_letters_total} */
    static final Metric DEAD_LETTERS = Metric.counter(
            "lynx_event_bridge_dead_letters_total",
            "Events in the channel of dead letters, and those that are lost since it refuses them: direction is out (the broker"
                    + " refuses them) or in (poison or failed).",
            "bridge",
            "direction");

    /** {@code lynx_event_bridge_queue} */
    static final Metric QUEUE =
            Metric.gauge("lynx_event_bridge_queue", "Events that wait to be sent or acknowledged.", "bridge");

    /** All of them, in the order of the reference page. */
    static final List<Metric> ALL = List.of(FORWARDED, RECEIVED, RETRIES, DEAD_LETTERS, QUEUE);

    private BridgeMetrics() {}
}
