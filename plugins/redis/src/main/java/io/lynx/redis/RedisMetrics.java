package io.lynx.redis;

import io.lynx.metrics.Metric;
import java.util.List;

/** The metrics of Redis that are not in the catalogue. */
final class RedisMetrics {
    private static final List<Double> BUCKETS =
            List.of(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5);

    /** {@code lynx_redis_command_duration_seconds} */
    static final Metric COMMANDS = Metric.histogram(
            "lynx_redis_command_duration_seconds",
            "Time until a command was answered or had failed, with the wait for a connection.",
            Metric.Unit.SECONDS,
            BUCKETS,
            "redis",
            "command");

    /** {@code lynx_redis_errors_total} */
    static final Metric ERRORS = Metric.counter(
            "lynx_redis_errors_total",
            "Commands that failed: type is unavailable, timeout, exhausted, refused (by the breaker), cancelled or answer.",
            "redis",
            "type");

    /** {@code lynx_redis_connections} */
    static final Metric CONNECTIONS = Metric.gauge(
            "lynx_redis_connections",
            "Connections by state: active, idle, pending (callers that wait for one) and max.",
            "redis",
            "state");

    /** {@code lynx_cache_load_duration_seconds} */
    static final Metric LOADS = Metric.histogram(
            "lynx_cache_load_duration_seconds",
            "Time to load a value of a cache from its source.",
            Metric.Unit.SECONDS,
            List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0),
            "cache_name");

    /** {@code lynx_cache_loads_total} */
    static final Metric LOAD_OUTCOMES = Metric.counter(
            "lynx_cache_loads_total",
            "Loads of values by outcome: loaded, absent, failed, or rejected since too many were in progress.",
            "cache_name",
            "outcome");

    /** {@code lynx_cache_stale_total} */
    static final Metric STALE = Metric.counter(
            "lynx_cache_stale_total",
            "Lookups that were answered with an expired value: reason is error (the load failed) or refresh (it is in progress).",
            "cache_name",
            "reason");

    /** {@code lynx_cache_store_errors_total} */
    static final Metric STORE_ERRORS = Metric.counter(
            "lynx_cache_store_errors_total",
            "Operations of a cache that its store failed: read, write, delete or decode.",
            "cache_name",
            "operation");

    /** {@code lynx_redis_messages_received_total} */
    static final Metric MESSAGES = Metric.counter(
            "lynx_redis_messages_received_total", "Messages that subscriptions received.", "redis", "subscription");

    /** {@code lynx_redis_messages_dropped_total} */
    static final Metric DROPPED = Metric.counter(
            "lynx_redis_messages_dropped_total",
            "Messages that were dropped since the buffer of their subscription was full.",
            "redis",
            "subscription");

    /** {@code lynx_redis_resubscriptions_total} */
    static final Metric RESUBSCRIPTIONS = Metric.counter(
            "lynx_redis_resubscriptions_total",
            "Times that a subscription was made again after its connection broke.",
            "redis",
            "subscription");

    /** {@code lynx_redis_locks_total} */
    static final Metric LOCKS = Metric.counter(
            "lynx_redis_locks_total", "Locks by outcome: acquired, busy, released or lost.", "redis", "outcome");

    /** All of them, in the order of the reference page. */
    static final List<Metric> ALL = List.of(
            COMMANDS,
            ERRORS,
            CONNECTIONS,
            LOADS,
            LOAD_OUTCOMES,
            STALE,
            STORE_ERRORS,
            MESSAGES,
            DROPPED,
            RESUBSCRIPTIONS,
            LOCKS);

    private RedisMetrics() {}
}
