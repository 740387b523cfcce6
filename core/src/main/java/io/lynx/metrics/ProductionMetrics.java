package io.lynx.metrics;

import io.lynx.config.Binding;
import io.lynx.time.Scheduler;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What production wants to know of a service, with a call for each thing that happens. The framework makes these calls for
 * all that it does itself; a service makes them for what only it knows. Thread-safe; nothing here waits or throws.
 *
 * <p>The calls look their series up by its labels. Where that costs too much, keep a handle of {@link #registry}.
 */
public final class ProductionMetrics {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private final MetricRegistry registry;
    private final InstantSource clock;
    private final DerivedValues derived;

    private ProductionMetrics(Builder builder) {
        this.registry = new MetricRegistry(builder.config, builder.clock);
        this.clock = builder.clock;
        this.derived = new DerivedValues(registry, builder.service, builder.config.updateInterval(), builder.scheduler);
    }

    /** Starts to describe one; an application has its own already. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where handles, sources and instruments of other kinds are. */
    public MetricRegistry registry() {
        return registry;
    }

    /**
     * Begins to compute what is derived, each {@code update_interval}; a second call changes nothing. What is recorded
     * before it counts all the same. It may be called again after {@link #stop}.
     */
    public void start() {
        derived.start();
    }

    /** Ends that; what is recorded stays, and can still be recorded. A second call changes nothing. */
    public void stop() {
        derived.stop();
    }

    /**
     * Everything that is measured, as it is now: the same as a scrape, sources and collectors included. Each series is read
     * by itself while others go on counting, so two of them may differ by what happens just then.
     */
    public MetricsSnapshot snapshot() {
        MetricSnapshots scraped = registry.scrape();
        return MetricsSnapshot.of(clock.instant(), scraped);
    }

    /** A plugin is well, or is not. */
    public void recordPluginHealth(String name, String id, boolean healthy) {
        registry.gauge(Catalogue.PLUGIN_HEALTH, name, id).set(healthy ? 1 : 0);
    }

    /** A plugin failed; {@code errorType} is one of few words, never a message. */
    public void recordPluginError(String name, String id, String errorType) {
        registry.counter(Catalogue.PLUGIN_ERRORS, name, id, errorType).increment();
    }

    /** A plugin did something. */
    public void recordPluginLatency(String name, String id, String operation, Duration took) {
        registry.histogram(Catalogue.PLUGIN_LATENCY, name, id, operation).record(took);
    }

    /** An event was published; {@code bus} as in {@code business-bus}. */
    public void recordEventPublished(String type, String bus) {
        registry.counter(Catalogue.EVENTS_PUBLISHED, type, bus).increment();
    }

    /** An event was handled, so long after it had been published. */
    public void recordEventProcessed(String type, String bus, Duration latency) {
        registry.counter(Catalogue.EVENTS_PROCESSED, type, bus).increment();
        registry.histogram(Catalogue.EVENT_LATENCY, type, bus).record(latency);
    }

    /** An event did not reach a subscriber. */
    public void recordEventDropped(String type, String bus, String reason) {
        registry.counter(Catalogue.EVENTS_DROPPED, type, bus, reason).increment();
    }

    /**
     * A request was answered.
     *
     * @param method as sent; methods that are not of HTTP count as {@code OTHER}
     * @param path the template of its route, never the path itself
     * @param status the code of the answer, {@code 100} to {@code 599}; anything else counts as {@code other}
     * @param took from the head of the request to the end of the answer; a negative one counts as zero
     */
    public void recordRequest(
            @Nullable String method,
            @Nullable String path,
            @Nullable String status,
            @Nullable String protocol,
            Duration took,
            long requestBytes,
            long responseBytes) {
        String known = known(method);
        registry.counter(Catalogue.REQUESTS, known, path, code(status), protocol)
                .increment();
        registry.histogram(Catalogue.REQUEST_DURATION, known, path, protocol).record(took);
        registry.histogram(Catalogue.REQUEST_SIZE, known, path, protocol).record(requestBytes);
        registry.histogram(Catalogue.RESPONSE_SIZE, known, path, protocol).record(responseBytes);
    }

    private static String known(@Nullable String method) {
        return method != null && METHODS.contains(method) ? method : "OTHER";
    }

    private static String code(@Nullable String status) {
        return status != null && isCode(status) ? status : "other";
    }

    private static boolean isCode(String status) {
        return status.length() == 3
                && status.charAt(0) >= '1'
                && status.charAt(0) <= '5'
                && isDigit(status.charAt(1))
                && isDigit(status.charAt(2));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The series of the requests of one route and method, to be kept by whoever answers them. */
    public RequestSeries requests(@Nullable String method, @Nullable String path, @Nullable String protocol) {
        return new RequestSeries(registry, known(method), path, protocol);
    }

    /** A cache had the answer. */
    public void recordCacheHit(String cache) {
        registry.counter(Catalogue.CACHE_HITS, cache).increment();
    }

    /** A cache did not have the answer. */
    public void recordCacheMiss(String cache) {
        registry.counter(Catalogue.CACHE_MISSES, cache).increment();
    }

    /** A cache dropped an entry to make room. */
    public void recordCacheEviction(String cache) {
        registry.counter(Catalogue.CACHE_EVICTIONS, cache).increment();
    }

    /** How many entries a cache has. */
    public void recordCacheSize(String cache, long entries) {
        registry.gauge(Catalogue.CACHE_SIZE, cache).set((double) entries);
    }

    /**
     * A database answered.
     *
     * @param type {@code read} or {@code write}
     * @param operation what was asked, one of few words such as {@code get_user}
     */
    public void recordDbQuery(String database, String type, String operation, Duration took) {
        registry.counter(Catalogue.DB_QUERIES, database, type, operation).increment();
        registry.histogram(Catalogue.DB_QUERY_DURATION, database, type, operation)
                .record(took);
    }

    /** A database refused; {@code errorType} is one of few words. */
    public void recordDbError(String database, String type, String errorType) {
        registry.counter(Catalogue.DB_ERRORS, database, type, errorType).increment();
    }

    /** How many connections to a database there are; {@code type} such as {@code active} or {@code idle}. */
    public void recordDbConnections(String database, String type, long connections) {
        registry.gauge(Catalogue.DB_CONNECTIONS, database, type).set((double) connections);
    }

    /** Something took longer than it should. */
    public void recordSlowOperation(String operationType, String component) {
        registry.counter(Catalogue.SLOW_OPERATIONS, operationType, component).increment();
    }

    /** Something ran out of time. */
    public void recordTimeout(String operationType, String component) {
        registry.counter(Catalogue.TIMEOUT_OPERATIONS, operationType, component).increment();
    }

    /** Somebody was not let in. */
    public void recordAuthFailure(String authType, String reason) {
        registry.counter(Catalogue.AUTH_FAILURES, authType, reason).increment();
    }

    /** A rate limit refused a call. */
    public void recordRateLimitHit(String limitType, String resource) {
        registry.counter(Catalogue.RATE_LIMIT_HITS, limitType, resource).increment();
    }

    /** Collects what metrics are made of. Not thread-safe. */
    public static final class Builder {
        private MetricsConfig config = Binding.defaults(MetricsConfig.class);
        private @Nullable Scheduler scheduler;
        private InstantSource clock = InstantSource.system();
        private String service = "application";

        private Builder() {}

        /** What to measure, and how; the defaults unless set. */
        public Builder config(MetricsConfig config) {
            this.config = config;
            return this;
        }

        /** Wakes it each {@code update_interval}; without one, nothing is derived. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Dates snapshots. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The name of the service, for {@code lynx_error_rate}. */
        public Builder service(String name) {
            this.service = name;
            return this;
        }

        /** The metrics, not started. */
        public ProductionMetrics build() {
            return new ProductionMetrics(this);
        }
    }
}
