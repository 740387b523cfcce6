package io.lynx.metrics;

import io.lynx.metrics.Metric.Unit;
import java.util.List;

/**
 * Every metric that the framework knows. What is registered, the reference page, and the checks of dashboards and alerts
 * all come from here. Names are an interface: operators' queries depend on them. Immutable.
 */
public final class Catalogue {
    /** Upper bounds for requests, databases and checks, in seconds. */
    private static final List<Double> COARSE = List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);

    /** Upper bounds for plugins and events, which are faster, in seconds. */
    private static final List<Double> FINE =
            List.of(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);

    /** Upper bounds for bodies, in bytes. */
    private static final List<Double> SIZES = List.of(1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9);

    /** Upper bounds for shares of a whole. */
    private static final List<Double> SHARES = List.of(0.0, .05, .1, .25, .5, .75, .9, 1.0);

    /** {@code lynx_app_start_time_seconds} */
    public static final Metric APP_START_TIME = Metric.gauge(
            "lynx_app_start_time_seconds", "When the start of the application began, in seconds since 1970.");

    /** {@code lynx_app_uptime_seconds} */
    public static final Metric APP_UPTIME =
            Metric.gauge("lynx_app_uptime_seconds", "Seconds since the start of the application began.");

    /** {@code lynx_app_version_info} */
    public static final Metric APP_VERSION =
            Metric.info("lynx_app_version_info", "The running version.", "version", "commit", "build_date");

    /** {@code lynx_shutdown_state} */
    public static final Metric SHUTDOWN_STATE = Metric.gauge(
            "lynx_shutdown_state", "Phase of the application: 0 starting or ready, 1 draining, 2 stopping.");

    /** {@code lynx_system_health_score} */
    public static final Metric HEALTH_SCORE = Metric.gauge(
            "lynx_system_health_score",
            "Health as one number: 50 to 100 while ready for requests, lower while not; 100 if nothing is wrong.");

    /** {@code lynx_system_memory_bytes} */
    public static final Metric SYSTEM_MEMORY = Metric.gauge("lynx_system_memory_bytes", "Heap in use.");

    /** {@code lynx_system_threads} */
    public static final Metric SYSTEM_THREADS = Metric.gauge("lynx_system_threads", "Live platform threads.");

    /** {@code lynx_system_cpus} */
    public static final Metric SYSTEM_CPUS = Metric.gauge("lynx_system_cpus", "Processors that the process may use.");

    /** {@code lynx_system_goroutines} */
    public static final Metric SYSTEM_GOROUTINES = Metric.gauge(
            "lynx_system_goroutines",
            "Live virtual threads that the framework runs; the same as lynx_system_virtual_threads.");

    /** {@code lynx_system_virtual_threads} */
    public static final Metric SYSTEM_VIRTUAL_THREADS =
            Metric.gauge("lynx_system_virtual_threads", "Live virtual threads that the framework runs.");

    /** {@code lynx_virtual_threads_mounted} */
    public static final Metric VIRTUAL_MOUNTED = Metric.gauge(
            "lynx_virtual_threads_mounted", "Virtual threads that are mounted on a carrier thread, approximately.");

    /** {@code lynx_virtual_threads_queued} */
    public static final Metric VIRTUAL_QUEUED = Metric.gauge(
            "lynx_virtual_threads_queued", "Virtual threads that wait for a carrier thread, approximately.");

    /** {@code lynx_virtual_threads_parallelism} */
    public static final Metric VIRTUAL_PARALLELISM =
            Metric.gauge("lynx_virtual_threads_parallelism", "Carrier threads that may run virtual threads at once.");

    /** {@code lynx_log_events_total} */
    public static final Metric LOG_EVENTS = Metric.counter(
            "lynx_log_events_total", "Log events of the whole process that passed the level of their logger.", "level");

    /** {@code lynx_plugin_count} */
    public static final Metric PLUGIN_COUNT = Metric.gauge("lynx_plugin_count", "Plugins of the application.");

    /** {@code lynx_plugin_health_status} */
    public static final Metric PLUGIN_HEALTH = Metric.gauge(
            "lynx_plugin_health_status", "Whether a plugin is healthy: 1 or 0.", "plugin_name", "plugin_id");

    /** {@code lynx_plugin_errors_total} */
    public static final Metric PLUGIN_ERRORS =
            Metric.counter("lynx_plugin_errors_total", "Errors of a plugin.", "plugin_name", "plugin_id", "error_type");

    /** {@code lynx_plugin_latency_seconds} */
    public static final Metric PLUGIN_LATENCY = Metric.histogram(
            "lynx_plugin_latency_seconds",
            "Duration of a plugin's operations.",
            Unit.SECONDS,
            FINE,
            "plugin_name",
            "plugin_id",
            "operation");

    /** {@code lynx_plugin_start_duration_seconds} */
    public static final Metric PLUGIN_START = Metric.gauge(
            "lynx_plugin_start_duration_seconds",
            "Duration of the last start of a plugin; 0 until a start has ended.",
            "plugin_name",
            "plugin_id");

    /** {@code lynx_plugin_stop_duration_seconds} */
    public static final Metric PLUGIN_STOP = Metric.gauge(
            "lynx_plugin_stop_duration_seconds",
            "Duration of the last stop of a plugin; 0 until a stop has ended.",
            "plugin_name",
            "plugin_id");

    /** {@code lynx_plugin_restarts_total} */
    public static final Metric PLUGIN_RESTARTS =
            Metric.counter("lynx_plugin_restarts_total", "Restarts of a plugin.", "plugin_name", "plugin_id");

    /** {@code lynx_plugin_parked} */
    public static final Metric PLUGIN_PARKED = Metric.gauge(
            "lynx_plugin_parked", "Whether recovery has quarantined a plugin: 1 or 0.", "plugin_name", "plugin_id");

    /** {@code lynx_job_runs_total} */
    public static final Metric JOB_RUNS =
            Metric.counter("lynx_job_runs_total", "Runs of scheduled jobs that have ended.", "job", "outcome");

    /** {@code lynx_job_duration_seconds} */
    public static final Metric JOB_DURATION = Metric.histogram(
            "lynx_job_duration_seconds", "Duration of the runs of scheduled jobs.", Unit.SECONDS, COARSE, "job");

    /** {@code lynx_job_last_success_timestamp_seconds} */
    public static final Metric JOB_LAST_SUCCESS = Metric.gauge(
            "lynx_job_last_success_timestamp_seconds", "Unix time at which a scheduled job last succeeded.", "job");

    /** {@code lynx_leadership_leader} */
    public static final Metric LEADERSHIP_LEADER = Metric.gauge(
            "lynx_leadership_leader",
            "Whether this instance is the leader, as far as it can know: 1 or 0.",
            "leadership");

    /** {@code lynx_leadership_terms_total} */
    public static final Metric LEADERSHIP_TERMS =
            Metric.counter("lynx_leadership_terms_total", "Times that this instance became the leader.", "leadership");

    /** {@code lynx_leadership_ended_total} */
    public static final Metric LEADERSHIP_ENDED = Metric.counter(
            "lynx_leadership_ended_total",
            "Terms of this instance that have ended: cause is lost, given_up (the action for the gain failed) or"
                    + " released.",
            "leadership",
            "cause");

    /** {@code lynx_leadership_failures_total} */
    public static final Metric LEADERSHIP_FAILURES = Metric.counter(
            "lynx_leadership_failures_total",
            "Calls of the backend (acquire, renew, release) and actions (gained, lost) that failed or exceeded their"
                    + " time.",
            "leadership",
            "operation");

    /** {@code lynx_circuit_breaker_state} */
    public static final Metric BREAKER_STATE =
            Metric.gauge("lynx_circuit_breaker_state", "0 closed, 1 open or forced open, 2 half-open.", "breaker_name");

    /** {@code lynx_circuit_breaker_failures_total} */
    public static final Metric BREAKER_FAILURES = Metric.counter(
            "lynx_circuit_breaker_failures_total", "Calls through a breaker that failed.", "breaker_name");

    /** {@code lynx_circuit_breaker_successes_total} */
    public static final Metric BREAKER_SUCCESSES = Metric.counter(
            "lynx_circuit_breaker_successes_total", "Calls through a breaker that succeeded.", "breaker_name");

    /** {@code lynx_circuit_breaker_rejected_total} */
    public static final Metric BREAKER_REJECTED =
            Metric.counter("lynx_circuit_breaker_rejected_total", "Calls that a breaker rejected.", "breaker_name");

    /** {@code lynx_circuit_breaker_transitions_total} */
    public static final Metric BREAKER_TRANSITIONS = Metric.counter(
            "lynx_circuit_breaker_transitions_total", "Changes of a breaker's state.", "breaker_name", "from", "to");

    /** {@code lynx_retries_total} */
    public static final Metric RETRIES =
            Metric.counter("lynx_retries_total", "Attempts of retries after the first one.", "retry");

    /** {@code lynx_retries_denied_total} */
    public static final Metric RETRIES_DENIED =
            Metric.counter("lynx_retries_denied_total", "Retries that the retry budget denied.", "retry");

    /** {@code lynx_health_check_status} */
    public static final Metric HEALTH_STATUS =
            Metric.gauge("lynx_health_check_status", "Whether a check passes: 1 or 0.", "check_name");

    /** {@code lynx_health_check_latency_seconds} */
    public static final Metric HEALTH_LATENCY = Metric.histogram(
            "lynx_health_check_latency_seconds",
            "Duration of the runs of a check.",
            Unit.SECONDS,
            COARSE,
            "check_name");

    /** {@code lynx_health_check_errors_total} */
    public static final Metric HEALTH_ERRORS = Metric.counter(
            "lynx_health_check_errors_total", "Runs of a check that failed.", "check_name", "error_type");

    /** {@code lynx_health_check_last_success_timestamp_seconds} */
    public static final Metric HEALTH_LAST_SUCCESS = Metric.gauge(
            "lynx_health_check_last_success_timestamp_seconds",
            "Time when a check last passed, in seconds since 1970; 0 if it never did.",
            "check_name");

    /** {@code lynx_errors_total} */
    public static final Metric ERRORS =
            Metric.counter("lynx_errors_total", "Errors that were recorded.", "error_type", "severity");

    /** {@code lynx_recoveries_total} */
    public static final Metric RECOVERIES = Metric.counter(
            "lynx_recoveries_total",
            "Runs of recovery strategies that ended; strategy is none for recoveries in which no strategy ran.",
            "error_type",
            "strategy",
            "outcome");

    /** {@code lynx_recovery_duration_seconds} */
    public static final Metric RECOVERY_DURATION = Metric.histogram(
            "lynx_recovery_duration_seconds",
            "Duration of the runs of recovery strategies.",
            Unit.SECONDS,
            COARSE,
            "strategy");

    /** {@code lynx_events_published_total} */
    public static final Metric EVENTS_PUBLISHED =
            Metric.counter("lynx_events_published_total", "Events that were published.", "event_type", "bus_type");

    /** {@code lynx_events_processed_total} */
    public static final Metric EVENTS_PROCESSED = Metric.counter(
            "lynx_events_processed_total", "Events that a subscriber has handled.", "event_type", "bus_type");

    /** {@code lynx_events_dropped_total} */
    public static final Metric EVENTS_DROPPED = Metric.counter(
            "lynx_events_dropped_total",
            "Events that a subscriber did not receive, or, with the reason dead_lettered, could not handle.",
            "event_type",
            "bus_type",
            "reason");

    /** {@code lynx_event_latency_seconds} */
    public static final Metric EVENT_LATENCY = Metric.histogram(
            "lynx_event_latency_seconds",
            "Time from the publishing of an event to the end of its handler.",
            Unit.SECONDS,
            FINE,
            "event_type",
            "bus_type");

    /** {@code lynx_event_queue_depth} */
    public static final Metric EVENT_QUEUE_DEPTH = Metric.gauge(
            "lynx_event_queue_depth", "Events that wait in the queue of a subscriber.", "bus_type", "subscriber");

    /** {@code lynx_event_queue_capacity} */
    public static final Metric EVENT_QUEUE_CAPACITY = Metric.gauge(
            "lynx_event_queue_capacity", "Capacity of the queue of a subscriber, in events.", "bus_type", "subscriber");

    /** {@code lynx_requests_total} */
    public static final Metric REQUESTS = Metric.counter(
            "lynx_requests_total", "Requests that were answered.", "method", "path", "status_code", "protocol");

    /** {@code lynx_request_duration_seconds} */
    public static final Metric REQUEST_DURATION = Metric.histogram(
            "lynx_request_duration_seconds",
            "Time from the head of a request to the end of its response.",
            Unit.SECONDS,
            COARSE,
            "method",
            "path",
            "protocol");

    /** {@code lynx_request_size_bytes} */
    public static final Metric REQUEST_SIZE = Metric.histogram(
            "lynx_request_size_bytes", "Sizes of request bodies.", Unit.BYTES, SIZES, "method", "path", "protocol");

    /** {@code lynx_response_size_bytes} */
    public static final Metric RESPONSE_SIZE = Metric.histogram(
            "lynx_response_size_bytes", "Sizes of response bodies.", Unit.BYTES, SIZES, "method", "path", "protocol");

    /** {@code lynx_error_rate} */
    public static final Metric ERROR_RATE = Metric.gauge(
            "lynx_error_rate",
            "Share of requests that were answered with 5xx in the last update interval, 0 to 1.",
            "service",
            "endpoint");

    /** {@code lynx_inflight_requests} */
    public static final Metric INFLIGHT = Metric.gauge("lynx_inflight_requests", "Requests in flight.", "protocol");

    /** {@code lynx_requests_rejected_total} */
    public static final Metric REQUESTS_REJECTED = Metric.counter(
            "lynx_requests_rejected_total",
            "Requests that were rejected before they reached a handler.",
            "protocol",
            "reason");

    /** {@code lynx_deadline_exceeded_total} */
    public static final Metric DEADLINE_EXCEEDED = Metric.counter(
            "lynx_deadline_exceeded_total",
            "Requests whose deadline passed before their response began.",
            "protocol",
            "path");

    /** {@code lynx_deadline_unused_ratio} */
    public static final Metric DEADLINE_UNUSED = Metric.histogram(
            "lynx_deadline_unused_ratio",
            "Share of its time that a request had left when its response began, for requests whose caller or route"
                    + " limits them.",
            Unit.RATIO,
            SHARES,
            "protocol",
            "path");

    /** {@code lynx_context_headers_ignored_total} */
    public static final Metric CONTEXT_HEADERS_IGNORED = Metric.counter(
            "lynx_context_headers_ignored_total",
            "Headers of request contexts and of trusted proxies that were ignored, as a whole or in part: malformed,"
                    + " repeated, too long or contradictory.",
            "protocol",
            "header");

    /** {@code lynx_access_log_dropped_total} */
    public static final Metric ACCESS_LOG_DROPPED = Metric.counter(
            "lynx_access_log_dropped_total",
            "Requests that are missing in the access log because it could not be written fast enough.",
            "protocol");

    /** {@code lynx_websockets} */
    public static final Metric WEBSOCKETS = Metric.gauge("lynx_websockets", "Open WebSockets.", "protocol", "path");

    /** {@code lynx_websocket_messages_total} */
    public static final Metric WEBSOCKET_MESSAGES = Metric.counter(
            "lynx_websocket_messages_total",
            "Messages of WebSockets, by their direction: received or sent.",
            "protocol",
            "path",
            "direction");

    /** {@code lynx_websocket_closes_total} */
    public static final Metric WEBSOCKET_CLOSES = Metric.counter(
            "lynx_websocket_closes_total",
            "WebSockets that were closed, by the code of the end that closed first; 1006 if the connection was lost,"
                    + " other for codes of applications.",
            "protocol",
            "path",
            "code");

    /** {@code lynx_active_connections} */
    public static final Metric CONNECTIONS = Metric.gauge("lynx_active_connections", "Open connections.", "protocol");

    /** {@code lynx_auth_failures_total} */
    public static final Metric AUTH_FAILURES = Metric.counter(
            "lynx_auth_failures_total", "Requests that failed authentication or authorization.", "auth_type", "reason");

    /** {@code lynx_rate_limit_hits_total} */
    public static final Metric RATE_LIMIT_HITS =
            Metric.counter("lynx_rate_limit_hits_total", "Calls that a rate limit rejected.", "limit_type", "resource");

    /** {@code lynx_slow_operations_total} */
    public static final Metric SLOW_OPERATIONS = Metric.counter(
            "lynx_slow_operations_total",
            "Operations that took longer than their limit.",
            "operation_type",
            "component");

    /** {@code lynx_timeout_operations_total} */
    public static final Metric TIMEOUT_OPERATIONS = Metric.counter(
            "lynx_timeout_operations_total", "Operations that timed out.", "operation_type", "component");

    /** {@code lynx_cache_hits_total} */
    public static final Metric CACHE_HITS =
            Metric.counter("lynx_cache_hits_total", "Lookups that a cache answered.", "cache_name");

    /** {@code lynx_cache_misses_total} */
    public static final Metric CACHE_MISSES =
            Metric.counter("lynx_cache_misses_total", "Lookups that a cache could not answer.", "cache_name");

    /** {@code lynx_cache_evictions_total} */
    public static final Metric CACHE_EVICTIONS =
            Metric.counter("lynx_cache_evictions_total", "Entries that a cache evicted.", "cache_name");

    /** {@code lynx_cache_size} */
    public static final Metric CACHE_SIZE = Metric.gauge("lynx_cache_size", "Entries in a cache.", "cache_name");

    /** {@code lynx_db_queries_total} */
    public static final Metric DB_QUERIES =
            Metric.counter("lynx_db_queries_total", "Queries to a database.", "database", "type", "operation");

    /** {@code lynx_db_query_duration_seconds} */
    public static final Metric DB_QUERY_DURATION = Metric.histogram(
            "lynx_db_query_duration_seconds",
            "Duration of queries.",
            Unit.SECONDS,
            COARSE,
            "database",
            "type",
            "operation");

    /** {@code lynx_db_errors_total} */
    public static final Metric DB_ERRORS =
            Metric.counter("lynx_db_errors_total", "Queries that failed.", "database", "type", "error_type");

    /** {@code lynx_db_connections} */
    public static final Metric DB_CONNECTIONS =
            Metric.gauge("lynx_db_connections", "Connections to a database.", "database", "type");

    /** {@code lynx_config_reloads_total} */
    public static final Metric CONFIG_RELOADS =
            Metric.counter("lynx_config_reloads_total", "Reloads of the configuration.", "result");

    /** {@code lynx_config_errors_total} */
    public static final Metric CONFIG_ERRORS = Metric.counter(
            "lynx_config_errors_total", "Problems found while loading a configuration.", "config_type", "error_type");

    /** {@code lynx_metrics_series} */
    public static final Metric METRICS_SERIES = Metric.gauge("lynx_metrics_series", "Series of the last scrape.");

    /** {@code lynx_metrics_label_overflow_total} */
    public static final Metric LABEL_OVERFLOW = Metric.counter(
            "lynx_metrics_label_overflow_total",
            "Times that a series beyond the bound of its metric was requested.",
            "metric");

    /** {@code lynx_metrics_collector_errors_total} */
    public static final Metric COLLECTOR_ERRORS = Metric.counter(
            "lynx_metrics_collector_errors_total",
            "Times that a source of metrics was left out of a scrape, or returned a value that its metric cannot take.",
            "source");

    private static final List<Section> SECTIONS = List.of(
            new Section("Application", List.of(APP_START_TIME, APP_UPTIME, APP_VERSION, SHUTDOWN_STATE, HEALTH_SCORE)),
            new Section(
                    "System",
                    List.of(
                            SYSTEM_MEMORY,
                            SYSTEM_THREADS,
                            SYSTEM_CPUS,
                            SYSTEM_GOROUTINES,
                            SYSTEM_VIRTUAL_THREADS,
                            VIRTUAL_MOUNTED,
                            VIRTUAL_QUEUED,
                            VIRTUAL_PARALLELISM,
                            LOG_EVENTS)),
            new Section(
                    "Plugins",
                    List.of(
                            PLUGIN_COUNT,
                            PLUGIN_HEALTH,
                            PLUGIN_ERRORS,
                            PLUGIN_LATENCY,
                            PLUGIN_START,
                            PLUGIN_STOP,
                            PLUGIN_RESTARTS,
                            PLUGIN_PARKED)),
            new Section("Jobs", List.of(JOB_RUNS, JOB_DURATION, JOB_LAST_SUCCESS)),
            new Section(
                    "Leadership", List.of(LEADERSHIP_LEADER, LEADERSHIP_TERMS, LEADERSHIP_ENDED, LEADERSHIP_FAILURES)),
            new Section(
                    "Circuit breakers",
                    List.of(BREAKER_STATE, BREAKER_FAILURES, BREAKER_SUCCESSES, BREAKER_REJECTED, BREAKER_TRANSITIONS)),
            new Section("Retries", List.of(RETRIES, RETRIES_DENIED)),
            new Section("Health checks", List.of(HEALTH_STATUS, HEALTH_LATENCY, HEALTH_ERRORS, HEALTH_LAST_SUCCESS)),
            new Section("Errors and recovery", List.of(ERRORS, RECOVERIES, RECOVERY_DURATION)),
            new Section(
                    "Events",
                    List.of(
                            EVENTS_PUBLISHED,
                            EVENTS_PROCESSED,
                            EVENTS_DROPPED,
                            EVENT_LATENCY,
                            EVENT_QUEUE_DEPTH,
                            EVENT_QUEUE_CAPACITY)),
            new Section(
                    "Requests",
                    List.of(
                            REQUESTS,
                            REQUEST_DURATION,
                            REQUEST_SIZE,
                            RESPONSE_SIZE,
                            ERROR_RATE,
                            INFLIGHT,
                            REQUESTS_REJECTED,
                            DEADLINE_EXCEEDED,
                            DEADLINE_UNUSED,
                            CONTEXT_HEADERS_IGNORED,
                            ACCESS_LOG_DROPPED,
                            WEBSOCKETS,
                            WEBSOCKET_MESSAGES,
                            WEBSOCKET_CLOSES,
                            CONNECTIONS,
                            AUTH_FAILURES,
                            RATE_LIMIT_HITS,
                            SLOW_OPERATIONS,
                            TIMEOUT_OPERATIONS)),
            new Section(
                    "Caches and databases",
                    List.of(
                            CACHE_HITS,
                            CACHE_MISSES,
                            CACHE_EVICTIONS,
                            CACHE_SIZE,
                            DB_QUERIES,
                            DB_QUERY_DURATION,
                            DB_ERRORS,
                            DB_CONNECTIONS)),
            new Section("Configuration", List.of(CONFIG_RELOADS, CONFIG_ERRORS)),
            new Section("The metrics themselves", List.of(METRICS_SERIES, LABEL_OVERFLOW, COLLECTOR_ERRORS)));

    private Catalogue() {}

    /** All of it, in the order of the reference page. */
    public static List<Section> sections() {
        return SECTIONS;
    }

    /** Every metric, in the order of the reference page. */
    public static List<Metric> all() {
        return SECTIONS.stream().flatMap(section -> section.metrics().stream()).toList();
    }

    /**
     * Metrics that are read together.
     *
     * @param title what they are about
     */
    public record Section(String title, List<Metric> metrics) {}
}
