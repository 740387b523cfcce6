package io.lynx.kafka;

import io.lynx.metrics.Metric;
import java.util.List;

/** The metrics of Kafka. */
final class KafkaMetrics {
    /** {@code lynx_kafka_send_duration_seconds} */
    static final Metric SENDS = Metric.histogram(
            "lynx_kafka_send_duration_seconds",
            "Time until a record was acknowledged or had failed.",
            Metric.Unit.SECONDS,
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
            "kafka",
            "topic");

    /** {@code lynx_kafka_send_errors_total} */
    static final Metric SEND_ERRORS = Metric.counter(
            "lynx_kafka_send_errors_total",
            "Records that were not acknowledged: type is unavailable, timeout, exhausted, refused (by the breaker), cancelled or answer.",
            "kafka",
            "type");

    /** {@code lynx_kafka_waiting_sends} */
    static final Metric WAITING_SENDS =
            Metric.gauge("lynx_kafka_waiting_sends", "Records that wait for their acknowledgement.", "kafka");

    /** {@code lynx_kafka_handler_duration_seconds} */
    static final Metric HANDLERS = Metric.histogram(
            "lynx_kafka_handler_duration_seconds",
            "Time that a handler took for a record.",
            Metric.Unit.SECONDS,
            List.of(0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
            "kafka",
            "consumer");

    /** {@code lynx_kafka_records_handled_total} */
    static final Metric HANDLED = Metric.counter(
            "lynx_kafka_records_handled_total",
            "Handlings of records by outcome: handled, retried (handled again later), dead_letter, lost (neither handled nor a dead letter) or"
                    + " abandoned (the partition moved).",
            "kafka",
            "consumer",
            "outcome");

    /** {@code lynx_kafka_dead_letters_total} */
    static final Metric DEAD_LETTERS = Metric.counter(
            "lynx_kafka_dead_letters_total",
            "Records that were sent to a dead-letter topic: reason is failed, rejected (by the handler), undecodable, or lost if the"
                    + " topic refuses them.",
            "kafka",
            "consumer",
            "reason");

    /** {@code lynx_kafka_running_handlers} */
    static final Metric RUNNING =
            Metric.gauge("lynx_kafka_running_handlers", "Handlers that are running.", "kafka", "consumer");

    /** {@code lynx_kafka_consumer_lag_records} */
    static final Metric LAG = Metric.gauge(
            "lynx_kafka_consumer_lag_records",
            "Records of the assigned partitions of a topic that are not handled yet.",
            "kafka",
            "consumer",
            "topic");

    /** {@code lynx_kafka_partitions} */
    static final Metric PARTITIONS = Metric.gauge(
            "lynx_kafka_partitions",
            "Partitions of a consumer by state: assigned, and paused among them since handlers are slower than records arrive.",
            "kafka",
            "consumer",
            "state");

    /** {@code lynx_kafka_rebalances_total} */
    static final Metric REBALANCES = Metric.counter(
            "lynx_kafka_rebalances_total",
            "Changes of the partitions of a consumer: kind is assigned, revoked or lost.",
            "kafka",
            "consumer",
            "kind");

    /** {@code lynx_kafka_consumer_errors_total} */
    static final Metric CONSUMER_ERRORS = Metric.counter(
            "lynx_kafka_consumer_errors_total",
            "Failures of a consumer itself: operation is poll, commit or dead_letter.",
            "kafka",
            "consumer",
            "operation");

    /** All of them, in the order of the reference page. */
    static final List<Metric> ALL = List.of(
            SENDS,
            SEND_ERRORS,
            WAITING_SENDS,
            HANDLERS,
            HANDLED,
            DEAD_LETTERS,
            RUNNING,
            LAG,
            PARTITIONS,
            REBALANCES,
            CONSUMER_ERRORS);

    private KafkaMetrics() {}
}
