package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lynx.event.Topic;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Metric;
import io.lynx.metrics.Metric.MetricType;
import io.lynx.metrics.MetricsSnapshot;
import io.lynx.metrics.MetricsSnapshot.Series;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CallTimeoutException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.TimeLimiter;
import io.lynx.testkit.Await;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FrameworkMetricsTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);

    /** Those that nobody but a transport, a cache, a database or the application itself feeds. */
    private static final List<Metric> OF_OTHERS = List.of(
            Catalogue.REQUESTS,
            Catalogue.REQUEST_DURATION,
            Catalogue.REQUEST_SIZE,
            Catalogue.RESPONSE_SIZE,
            Catalogue.INFLIGHT,
            Catalogue.REQUESTS_REJECTED,
            Catalogue.DEADLINE_EXCEEDED,
            Catalogue.CONTEXT_HEADERS_IGNORED,
            Catalogue.ACCESS_LOG_DROPPED,
            Catalogue.WEBSOCKETS,
            Catalogue.WEBSOCKET_MESSAGES,
            Catalogue.WEBSOCKET_CLOSES,
            Catalogue.CONNECTIONS,
            Catalogue.AUTH_FAILURES,
            Catalogue.RATE_LIMIT_HITS,
            Catalogue.RETRIES,
            Catalogue.RETRIES_DENIED,
            Catalogue.CACHE_HITS,
            Catalogue.CACHE_MISSES,
            Catalogue.CACHE_EVICTIONS,
            Catalogue.CACHE_SIZE,
            Catalogue.DB_QUERIES,
            Catalogue.DB_QUERY_DURATION,
            Catalogue.DB_ERRORS,
            Catalogue.DB_CONNECTIONS,
            // There is no logging backend in the tests of this module.
            Catalogue.LOG_EVENTS);

    private static Application.Builder builder(Plugin... plugins) {
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.application.metadata.commit", "abc123");
        for (Plugin plugin : plugins) {
            builder.plugin(plugin);
        }
        return builder;
    }

    /** There is one series for each subscriber, so none without. */
    private static final Set<Metric> OF_SUBSCRIBERS =
            Set.of(Catalogue.EVENT_QUEUE_DEPTH, Catalogue.EVENT_QUEUE_CAPACITY);

    /** Their series have so many combinations of labels that each appears with its first use. */
    private static final Set<Metric> FROM_FIRST_USE =
            Set.of(Catalogue.RECOVERIES, Catalogue.SLOW_OPERATIONS, Catalogue.LABEL_OVERFLOW);

    private static double value(Application application, Metric metric, String... labelValues) {
        return series(application, metric, labelValues).value();
    }

    private static Series series(Application application, Metric metric, String... labelValues) {
        Map<String, String> labels = new java.util.HashMap<>();
        for (int i = 0; i < labelValues.length; i++) {
            labels.put(metric.labels().get(i), labelValues[i]);
        }
        return application
                .metrics()
                .snapshot()
                .find(metric.name(), labels)
                .orElseThrow(() -> new AssertionError("no " + metric.name() + labels + " among "
                        + application.metrics().snapshot().series().get(metric.name())));
    }

    private static boolean has(Application application, Metric metric, Predicate<Map<String, String>> labels) {
        return application.metrics().snapshot().series().getOrDefault(metric.name(), List.of()).stream()
                .anyMatch(one -> labels.test(one.labels()));
    }

    @Test
    void exposesAllMetricsExceptEmptyHistogramsFromTheStart() {
        try (Application application = builder(RecordingPlugin.named("web")).build()) {
            application.start();
            var _ = application.breakers().get("web");

            MetricsSnapshot snapshot = application.metrics().snapshot();

            List<String> missing = Catalogue.all().stream()
                    .filter(metric -> !metric.name().startsWith("lynx_job_") // from the first run of a job
                            && !metric.name().startsWith("lynx_leadership_") // from the first candidacy
                            && !OF_OTHERS.contains(metric)
                            && !OF_SUBSCRIBERS.contains(metric)
                            && !FROM_FIRST_USE.contains(metric)
                            && metric.type() != MetricType.HISTOGRAM)
                    .map(Metric::name)
                    .filter(name ->
                            snapshot.series().getOrDefault(name, List.of()).isEmpty())
                    .toList();
            assertThat(missing).isEmpty();
            assertThat(snapshot.series().keySet())
                    .anyMatch(name -> name.startsWith("jvm_memory_used"))
                    .anyMatch(name -> name.startsWith("process_cpu_seconds"));
        }
    }

    @Test
    void exposesTheApplicationAndTheProcess() {
        Instant before = Instant.now();
        try (Application application = builder(RecordingPlugin.named("web")).build()) {
            application.start();

            assertThat(value(application, Catalogue.APP_START_TIME))
                    .isBetween(before.toEpochMilli() / 1e3 - .001, Instant.now().toEpochMilli() / 1e3 + .001);
            assertThat(value(application, Catalogue.APP_UPTIME)).isBetween(0.0, 60.0);
            assertThat(value(application, Catalogue.APP_VERSION, "1.2.3", "abc123", "unknown"))
                    .isEqualTo(1);
            assertThat(value(application, Catalogue.SHUTDOWN_STATE)).isZero();
            assertThat(value(application, Catalogue.HEALTH_SCORE)).isEqualTo(100);
            assertThat(value(application, Catalogue.SYSTEM_MEMORY))
                    .isBetween(1e6, (double) Runtime.getRuntime().maxMemory());
            assertThat(value(application, Catalogue.SYSTEM_THREADS)).isGreaterThan(1);
            assertThat(value(application, Catalogue.SYSTEM_CPUS))
                    .isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(value(application, Catalogue.VIRTUAL_PARALLELISM)).isPositive();
        }
    }

    @Test
    void countsTheVirtualThreadsThatPluginsRun() throws Exception {
        CountDownLatch running = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        RecordingPlugin busy = RecordingPlugin.starting("busy", context -> {
            for (int i = 0; i < 3; i++) {
                context.threads()
                        .newThread(() -> {
                            running.countDown();
                            try {
                                end.await();
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                        })
                        .start();
            }
        });
        try (Application application = builder(busy).build()) {
            application.start();
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            Await.until("three threads are counted", () -> value(application, Catalogue.SYSTEM_VIRTUAL_THREADS) == 3);
            assertThat(value(application, Catalogue.SYSTEM_GOROUTINES)).isEqualTo(3);

            end.countDown();
            Await.until("no thread is counted", () -> value(application, Catalogue.SYSTEM_VIRTUAL_THREADS) == 0);
        }
    }

    @Test
    void exposesPlugins() throws Exception {
        RecordingPlugin web = RecordingPlugin.named("web");
        try (Application application = builder(web).build()) {
            application.start();

            assertThat(value(application, Catalogue.PLUGIN_COUNT)).isEqualTo(1);
            assertThat(value(application, Catalogue.PLUGIN_HEALTH, "web", "web"))
                    .isEqualTo(1);
            // A histogram of a health that the plugin does not determine would be most of a scrape.
            assertThat(has(application, Catalogue.PLUGIN_LATENCY, _ -> true)).isFalse();
            assertThat(value(application, Catalogue.PLUGIN_ERRORS, "web", "web", "start_failed"))
                    .isZero();
            assertThat(value(application, Catalogue.PLUGIN_RESTARTS, "web", "web"))
                    .isZero();

            application.restart("web");

            assertThat(value(application, Catalogue.PLUGIN_RESTARTS, "web", "web"))
                    .isEqualTo(1);
            assertThat(value(application, Catalogue.HEALTH_ERRORS, "web", "unwell"))
                    .isZero();
            assertThat(has(application, Catalogue.HEALTH_ERRORS, labels -> labels.containsValue("timeout")))
                    .isFalse();
        }
    }

    @Test
    void aPluginThatHasStartedIsWellBeforeItsFirstCheckHasAnswered() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Plugin slow = new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of("slow").build();
            }

            @Override
            public void start(PluginContext context) {}

            @Override
            public Health health() throws InterruptedException {
                mayAnswer.await();
                return Health.down("tired");
            }
        };
        try (Application application = builder(slow).build()) {
            application.start();
            assertThat(value(application, Catalogue.PLUGIN_HEALTH, "slow", "slow"))
                    .isEqualTo(1);
            mayAnswer.countDown();
            Await.until("the check fails", () -> value(application, Catalogue.PLUGIN_HEALTH, "slow", "slow") == 0);
        }
    }

    @Test
    void countsErrorsThatAreNotKept() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web"))
                .set("lynx.error_recovery.enabled", "false")
                .build()) {
            application.start();

            for (int i = 0; i < 1_000; i++) {
                application.recovery().recordError("database", "no route", "web", ErrorSeverity.LOW, Map.of());
            }
            application.recovery().recordError("database", "no route", "elsewhere", ErrorSeverity.LOW, Map.of());

            assertThat(value(application, Catalogue.ERRORS, "database", "low")).isEqualTo(1_001);
            assertThat(value(application, Catalogue.PLUGIN_ERRORS, "web", "web", "database"))
                    .isEqualTo(1_000);
            assertThat(has(application, Catalogue.PLUGIN_ERRORS, labels -> labels.containsValue("elsewhere")))
                    .isFalse();
        }
    }

    @Test
    void countsTheOutcomesOfStrategies() throws Exception {
        RecordingPlugin web = RecordingPlugin.named("web");
        try (Application application = builder(web).build()) {
            application.start();

            application.recovery().recordError("plugin", "it broke", "web", ErrorSeverity.HIGH, Map.of());

            Await.until(
                    "the recovery is counted",
                    () -> value(application, Catalogue.RECOVERIES, "plugin", "restart", "recovered") == 1);
            Series took = series(application, Catalogue.RECOVERY_DURATION, "restart");
            assertThat(took.value()).isEqualTo(1);
            assertThat(took.sum()).isBetween(0.0, 30.0);
            assertThat(value(application, Catalogue.PLUGIN_RESTARTS, "web", "web"))
                    .isEqualTo(1);
            Await.until(
                    "the breaker has heard of it",
                    () -> value(application, Catalogue.BREAKER_SUCCESSES, "recovery.plugin") == 1);
        }
    }

    @Test
    void recoveryBreakersAreConfiguredLikeAllOthers() throws Exception {
        RecoveryStrategy useless = strategy("useless", () -> {
            throw new IllegalStateException("of no use");
        });
        try (Application application = builder(RecordingPlugin.named("web"))
                .set("lynx.circuit_breaker.default_threshold", "1")
                .build()) {
            application.start();
            application.recovery().registerRecoveryStrategy("validation", useless);

            application.recovery().recordError("validation", "wrong", "web", ErrorSeverity.LOW, Map.of());

            Await.until(
                    "the state of the breaker is shown",
                    () -> has(
                                    application,
                                    Catalogue.BREAKER_STATE,
                                    labels -> labels.containsValue("recovery.validation"))
                            && value(application, Catalogue.BREAKER_STATE, "recovery.validation") == 1);
        }
    }

    @Test
    void theBreakerOfARecoveryIsNotOpenForeverWithoutErrors() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web"))
                .set("lynx.circuit_breaker.default_threshold", "1")
                .set("lynx.circuit_breaker.default_timeout", "1ms")
                .build()) {
            application.start();
            CircuitBreaker database = application.recovery().breakers().get("database");
            assertThatThrownBy(() -> database.call(() -> {
                        throw new ConnectException("Connection refused");
                    }))
                    .isInstanceOf(ConnectException.class);

            Await.until(
                    "its time is over", () -> value(application, Catalogue.BREAKER_STATE, "recovery.database") == 2);
        }
    }

    @Test
    void beginsAtZeroForEveryRegisteredStrategy() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web")).build()) {
            application.start();
            application
                    .recovery()
                    .registerRecoveryStrategy("web", "session", strategy("reconnect", RecoveryOutcome::recovered));
            application.recovery().registerRecoveryStrategy("database", strategy("reopen", RecoveryOutcome::recovered));

            assertThat(value(application, Catalogue.RECOVERIES, "session", "reconnect", "recovered"))
                    .isZero();
            assertThat(value(application, Catalogue.RECOVERIES, "database", "reopen", "failed"))
                    .isZero();
            assertThat(value(application, Catalogue.RECOVERIES, "database", "reopen", "abandoned"))
                    .isZero();
            assertThat(value(application, Catalogue.PLUGIN_ERRORS, "web", "web", "session"))
                    .isZero();
        }
    }

    private static RecoveryStrategy strategy(String name, Supplier<RecoveryOutcome> outcome) {
        return new RecoveryStrategy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean canRecover(String errorType, ErrorSeverity severity) {
                return true;
            }

            @Override
            public RecoveryOutcome recover(RecoveryContext context) {
                return outcome.get();
            }
        };
    }

    @Test
    void showsWhichPluginsAreQuarantined() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web"), RecordingPlugin.named("cache"))
                .set("lynx.error_recovery.max_restarts", "1")
                .build()) {
            application.start();
            assertThat(value(application, Catalogue.PLUGIN_PARKED, "web", "web"))
                    .isZero();

            application.recovery().recordError("plugin", "it broke", "web", ErrorSeverity.CRITICAL, Map.of());
            Await.until(
                    "the restart is counted", () -> value(application, Catalogue.PLUGIN_RESTARTS, "web", "web") == 1);
            // An error that arrives before the end of the recovery would be taken for an effect of the same cause.
            Await.until(
                    "the recovery has ended",
                    () -> application.recovery().errorStats().recoveryStats().active() == 0);
            application.recovery().recordError("plugin", "it broke again", "web", ErrorSeverity.CRITICAL, Map.of());

            Await.until(
                    "the plugin is quarantined", () -> value(application, Catalogue.PLUGIN_PARKED, "web", "web") == 1);
            assertThat(value(application, Catalogue.PLUGIN_PARKED, "cache", "cache"))
                    .isZero();

            assertThat(application.recovery().resetComponent("web")).isTrue();

            assertThat(value(application, Catalogue.PLUGIN_PARKED, "web", "web"))
                    .isZero();
        }
    }

    @Test
    void countsAThreadThatDies() throws Exception {
        RecordingPlugin web = RecordingPlugin.named("web");
        try (Application application =
                builder(web).set("lynx.error_recovery.enabled", "false").build()) {
            application.start();

            Objects.requireNonNull(web.context)
                    .threads()
                    .newThread(() -> {
                        throw new IllegalStateException("dead");
                    })
                    .start();

            Await.until(
                    "an error is recorded",
                    () -> application.recovery().totals().recorded() > 0);
            Await.until(
                    "the plugin is unhealthy", () -> value(application, Catalogue.PLUGIN_HEALTH, "web", "web") == 0);
            Await.until(
                    "the error of the plugin is counted",
                    () -> has(application, Catalogue.PLUGIN_ERRORS, labels -> !labels.getOrDefault("error_type", "")
                            .contains("_")));
        }
    }

    @Test
    void showsABreakerFromItsFirstUse() {
        try (Application application = builder(RecordingPlugin.named("web")).build()) {
            application.start();
            assertThat(has(application, Catalogue.BREAKER_STATE, _ -> true)).isFalse();
            var _ = application.breakers().get("web");
            assertThat(value(application, Catalogue.BREAKER_STATE, "web")).isZero();
            assertThat(value(application, Catalogue.BREAKER_TRANSITIONS, "web", "closed", "open"))
                    .isZero();

            application.breakers().get("web").forceOpen();

            assertThat(value(application, Catalogue.BREAKER_STATE, "web")).isEqualTo(1);
            assertThat(value(application, Catalogue.BREAKER_TRANSITIONS, "web", "closed", "open"))
                    .isEqualTo(1);
            assertThat(application.breakers().get("web").tryAcquire()).isNull();
            assertThat(value(application, Catalogue.BREAKER_REJECTED, "web")).isEqualTo(1);
            assertThat(value(application, Catalogue.HEALTH_SCORE))
                    .isLessThan(100)
                    .isGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void aScrapeLeavesABreakerOpenUntilTheNextCall() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web"))
                .set("lynx.circuit_breaker.default_threshold", "1")
                .set("lynx.circuit_breaker.default_timeout", "1ms")
                .set("lynx.circuit_breaker.half_open_limit", "1")
                .build()) {
            application.start();
            CircuitBreaker breaker = application.breakers().get("payments");
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new ConnectException("Connection refused");
                    }))
                    .isInstanceOf(ConnectException.class);
            Await.until(
                    "its time is over", () -> breaker.snapshot().retryAfter().equals(Optional.of(Duration.ZERO)));

            for (int scrape = 0; scrape < 2; scrape++) {
                assertThat(value(application, Catalogue.BREAKER_STATE, "payments"))
                        .isEqualTo(1);
                assertThat(value(application, Catalogue.BREAKER_TRANSITIONS, "payments", "open", "half_open"))
                        .isZero();
            }

            assertThat(breaker.call(() -> "paid")).isEqualTo("paid");
            assertThat(value(application, Catalogue.BREAKER_STATE, "payments")).isZero();
        }
    }

    @Test
    void countsCallsThatTimeOut() throws Exception {
        RecordingPlugin web = RecordingPlugin.named("web");
        try (Application application = builder(web).build()) {
            application.start();
            CircuitBreaker breaker = application.breakers().get("payments");
            assertThat(value(application, Catalogue.TIMEOUT_OPERATIONS, "call", "payments"))
                    .isZero();

            TimeLimiter limiter = TimeLimiter.of(
                    Duration.ofMillis(1), Objects.requireNonNull(web.context).scheduler());
            assertThatThrownBy(() ->
                            breaker.call(() -> limiter.call(() -> new CountDownLatch(1).await(1, TimeUnit.MINUTES))))
                    .isInstanceOf(CallTimeoutException.class);
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new ExecutionException(new SocketTimeoutException("Read timed out"));
                    }))
                    .isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw new ConnectException("Connection refused");
                    }))
                    .isInstanceOf(ConnectException.class);

            assertThat(value(application, Catalogue.TIMEOUT_OPERATIONS, "call", "payments"))
                    .isEqualTo(2);
            assertThat(value(application, Catalogue.BREAKER_FAILURES, "payments"))
                    .isEqualTo(3);
        }
    }

    @Test
    void exposesHealthChecks() throws Exception {
        AtomicReference<Health> health = new AtomicReference<>(Health.up());
        HealthCheckOptions options = HealthCheckOptions.defaults()
                .withCriticality(Criticality.DEGRADING)
                .withInterval(Duration.ofMillis(100));
        RecordingPlugin web = RecordingPlugin.starting(
                "web", context -> context.healthCheck("web.pool", options, () -> Objects.requireNonNull(health.get())));
        try (Application application = builder(web).build()) {
            application.start();
            Await.until("the check passes", () -> value(application, Catalogue.HEALTH_STATUS, "web.pool") == 1);
            // A run is counted a moment after its result can be read.
            Await.asserted("the success is dated", () -> assertThat(
                            value(application, Catalogue.HEALTH_LAST_SUCCESS, "web.pool"))
                    .isCloseTo(Instant.now().toEpochMilli() / 1e3, within(30.0)));
            assertThat(value(application, Catalogue.HEALTH_ERRORS, "web.pool", "unwell"))
                    .isZero();

            health.set(Health.down("empty"));

            Await.until("the check fails", () -> value(application, Catalogue.HEALTH_STATUS, "web.pool") == 0);
            Await.until(
                    "the failure is counted",
                    () -> value(application, Catalogue.HEALTH_ERRORS, "web.pool", "unwell") > 0);
            assertThat(value(application, Catalogue.HEALTH_LATENCY, "web.pool")).isGreaterThan(1);
            assertThat(value(application, Catalogue.HEALTH_SCORE)).isLessThan(100);
        }
    }

    @Test
    void dropsTheSeriesOfARemovedCheck() throws Exception {
        try (Application application = builder(RecordingPlugin.named("web")).build()) {
            application.start();
            Registration extra =
                    application.health().register("web", "web.extra", HealthCheckOptions.defaults(), Health::up);
            Await.until("the check passes", () -> value(application, Catalogue.HEALTH_STATUS, "web.extra") == 1);

            extra.close();

            Await.until(
                    "the series of the check is gone",
                    () -> !has(application, Catalogue.HEALTH_LATENCY, labels -> labels.containsValue("web.extra")));
            assertThat(has(application, Catalogue.HEALTH_STATUS, labels -> labels.containsValue("web.extra")))
                    .isFalse();
            Await.until(
                    "the other check has been measured",
                    () -> has(application, Catalogue.HEALTH_LATENCY, labels -> labels.containsValue("web")));
        }
    }

    @Test
    void countsTheOutcomesOfEvents() throws Exception {
        CountDownLatch handled = new CountDownLatch(2);
        RecordingPlugin shop = RecordingPlugin.starting(
                "shop", context -> context.own(context.events().subscribe(PLACED, order -> handled.countDown())));
        try (Application application = builder(shop).build()) {
            application.start();

            var _ = application.events().publish(PLACED, "one");
            var _ = application.events().publish(PLACED, "two");

            assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(value(application, Catalogue.EVENTS_PUBLISHED, "order.placed", "business-bus"))
                    .isEqualTo(2);
            Await.until(
                    "both events are counted",
                    () -> value(application, Catalogue.EVENTS_PROCESSED, "order.placed", "business-bus") == 2);
            Await.until(
                    "both latencies are recorded",
                    () -> value(application, Catalogue.EVENT_LATENCY, "order.placed", "business-bus") == 2);
            assertThat(value(application, Catalogue.EVENTS_DROPPED, "order.placed", "business-bus", "no_room"))
                    .isZero();
            assertThat(value(application, Catalogue.EVENT_QUEUE_CAPACITY, "business-bus", "order.placed"))
                    .isPositive();
            assertThat(value(application, Catalogue.EVENT_QUEUE_DEPTH, "business-bus", "order.placed"))
                    .isZero();
        }
    }

    @Test
    void exposesTheQueueOfEachSubscriber() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        RecordingPlugin shop = RecordingPlugin.starting("shop", context -> {
            var _ = context.events().subscribe(PLACED, _ -> mayGoOn.await(), options -> options.name("slow")
                    .queue(50));
            var _ = context.events().subscribe(PLACED, _ -> {}, options -> options.name("quick"));
        });
        try (Application application = builder(shop).build()) {
            application.start();

            for (int i = 0; i < 500; i++) {
                var _ = application.events().publish(PLACED, "order");
            }

            double capacity = value(application, Catalogue.EVENT_QUEUE_CAPACITY, "business-bus", "slow");
            assertThat(capacity).isEqualTo(50);
            assertThat(value(application, Catalogue.EVENT_QUEUE_DEPTH, "business-bus", "slow"))
                    .isGreaterThanOrEqualTo(0.9 * capacity);
            Await.until(
                    "the other subscriber has no events left",
                    () -> value(application, Catalogue.EVENT_QUEUE_DEPTH, "business-bus", "quick") == 0);
            mayGoOn.countDown();
        }
    }

    @Test
    void countsAStartThatFails() {
        AtomicReference<PluginContext> seen = new AtomicReference<>();
        RecordingPlugin broken = RecordingPlugin.starting("broken", context -> {
            seen.set(context);
            throw new IllegalStateException("no");
        });
        Application application = builder(broken).build();

        assertThatThrownBy(application::start).isInstanceOf(StartException.class);

        assertThat(value(application, Catalogue.PLUGIN_ERRORS, "broken", "broken", "start_failed"))
                .isEqualTo(1);
        assertThat(value(application, Catalogue.SHUTDOWN_STATE)).isEqualTo(2);
    }

    @Test
    void measuresNothingWhenItIsDisabled() {
        try (Application application = builder(RecordingPlugin.named("web"))
                .set("lynx.metrics.enabled", "false")
                .build()) {
            application.start();

            assertThat(application.metrics().snapshot().series()).isEmpty();
        }
    }

    @Test
    void keepsApplicationsOfOneProcessApart() {
        try (Application one = builder(RecordingPlugin.named("one")).build();
                Application two = builder(RecordingPlugin.named("two")).build()) {
            one.start();
            two.start();

            assertThat(has(one, Catalogue.PLUGIN_HEALTH, labels -> labels.containsValue("two")))
                    .isFalse();
            assertThat(value(two, Catalogue.PLUGIN_HEALTH, "two", "two")).isEqualTo(1);
            assertThat(one.metrics().snapshot().series().get(Catalogue.COLLECTOR_ERRORS.name()))
                    .allMatch(series -> series.value() == 0);
        }
    }
}
