package io.lynx.metrics;

import io.lynx.config.Binding;
import io.lynx.time.Scheduler;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a service, with a method for each kind of event that production systems count. The framework calls these
 * methods for everything that it does itself; a service calls them for what only it knows, such as its caches and queries.
 * Thread-safe; no method blocks or throws.
 *
 * <p>Each call looks its series up by the labels. Where that costs too much, keep a handle of {@link #registry}.
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

    /** Returns a builder; an application has its own metrics already. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the registry of handles, sources and further instruments. */
    public MetricRegistry registry() {
        return registry;
    }

    /**
     * Starts to compute derived values each {@code update_interval}. A second call has no effect. Values recorded before it
     * count too. It may be called again after {@link #stop}.
     */
    public void start() {
        derived.start();
    }

    /** Stops computing derived values; recording goes on. A second call has no effect. */
    public void stop() {
        derived.stop();
    }

    /**
     * Returns all values at this moment: the same as a scrape, sources and collectors included. Series are read one after the
     * other while recording goes on, so two of them may differ by what happens in between.
     */
    public MetricsSnapshot snapshot() {
        MetricSnapshots scraped = registry.scrape();
        return MetricsSnapshot.of(clock.instant(), scraped);
    }

    /** Sets whether a plugin is healthy. */
    public void recordPluginHealth(String name, String id, boolean healthy) {
        registry.gauge(Catalogue.PLUGIN_HEALTH, name, id).set(healthy ? 1 : 0);
    }

    /** Counts an error of a plugin; {@code errorType} is one of a few words, never a message. */
    public void recordPluginError(String name, String id, String errorType) {
        registry.counter(Catalogue.PLUGIN_ERRORS, name, id, errorType).increment();
    }

    /** Records how long an operation of a plugin took. */
    public void recordPluginLatency(String name, String id, String operation, Duration took) {
        registry.histogram(Catalogue.PLUGIN_LATENCY, name, id, operation).record(took);
    }

    /** Counts a published event; {@code bus} is a name such as {@code business-bus}. */
    public void recordEventPublished(String type, String bus) {
        registry.counter(Catalogue.EVENTS_PUBLISHED, type, bus).increment();
    }

    /** Counts a handled event and records the time since it was published. */
    public void recordEventProcessed(String type, String bus, Duration latency) {
        registry.counter(Catalogue.EVENTS_PROCESSED, type, bus).increment();
        registry.histogram(Catalogue.EVENT_LATENCY, type, bus).record(latency);
    }

    /** Counts an event that did not reach a subscriber. */
    public void recordEventDropped(String type, String bus, String reason) {
        registry.counter(Catalogue.EVENTS_DROPPED, type, bus, reason).increment();
    }

    /**
     * Counts a request that was answered, and records its duration and sizes.
     *
     * @param method as sent; an unknown method counts as {@code OTHER}
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

    /** Returns the series of the requests of one route and method, to be kept where the requests are answered. */
    public RequestSeries requests(@Nullable String method, @Nullable String path, @Nullable String protocol) {
        return new RequestSeries(registry, known(method), path, protocol);
    }

    /** Counts a lookup that a cache answered. */
    public void recordCacheHit(String cache) {
        registry.counter(Catalogue.CACHE_HITS, cache).increment();
    }

    /** Counts a lookup that a cache could not answer. */
    public void recordCacheMiss(String cache) {
        registry.counter(Catalogue.CACHE_MISSES, cache).increment();
    }

    /** Counts an entry that a cache evicted. */
    public void recordCacheEviction(String cache) {
        registry.counter(Catalogue.CACHE_EVICTIONS, cache).increment();
    }

    /** Sets the number of entries in a cache. */
    public void recordCacheSize(String cache, long entries) {
        registry.gauge(Catalogue.CACHE_SIZE, cache).set((double) entries);
    }

    /**
     * Counts a query that a database answered, and records its duration.
     *
     * @param type {@code read} or {@code write}
     * @param operation the kind of query, one of a few words such as {@code get_user}
     */
    public void recordDbQuery(String database, String type, String operation, Duration took) {
        registry.counter(Catalogue.DB_QUERIES, database, type, operation).increment();
        registry.histogram(Catalogue.DB_QUERY_DURATION, database, type, operation)
                .record(took);
    }

    /** Counts a query that failed; {@code errorType} is one of a few words. */
    public void recordDbError(String database, String type, String errorType) {
        registry.counter(Catalogue.DB_ERRORS, database, type, errorType).increment();
    }

    /** Sets the number of connections to a database; {@code type} is a word such as {@code active} or {@code idle}. */
    public void recordDbConnections(String database, String type, long connections) {
        registry.gauge(Catalogue.DB_CONNECTIONS, database, type).set((double) connections);
    }

    /** Counts an operation that took longer than it should. */
    public void recordSlowOperation(String operationType, String component) {
        registry.counter(Catalogue.SLOW_OPERATIONS, operationType, component).increment();
    }

    /** Counts an operation that timed out. */
    public void recordTimeout(String operationType, String component) {
        registry.counter(Catalogue.TIMEOUT_OPERATIONS, operationType, component).increment();
    }

    /** Counts a request whose sender could not be authenticated or was not allowed. */
    public void recordAuthFailure(String authType, String reason) {
        registry.counter(Catalogue.AUTH_FAILURES, authType, reason).increment();
    }

    /** Counts a call that a rate limit rejected. */
    public void recordRateLimitHit(String limitType, String resource) {
        registry.counter(Catalogue.RATE_LIMIT_HITS, limitType, resource).increment();
    }

    /** Builds {@link ProductionMetrics}. Not thread-safe. */
    public static final class Builder {
        private MetricsConfig config = Binding.defaults(MetricsConfig.class);
        private @Nullable Scheduler scheduler;
        private InstantSource clock = InstantSource.system();
        private String service = "application";

        private Builder() {}

        /** Sets the configuration; the defaults unless set. */
        public Builder config(MetricsConfig config) {
            this.config = config;
            return this;
        }

        /** Sets the scheduler that runs each {@code update_interval}; without one, no values are derived. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /** Sets the clock that dates snapshots. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Sets the name of the service, for {@code lynx_error_rate}. */
        public Builder service(String name) {
            this.service = name;
            return this;
        }

        /** Returns the metrics, not started. */
        public ProductionMetrics build() {
            return new ProductionMetrics(this);
        }
    }
}
