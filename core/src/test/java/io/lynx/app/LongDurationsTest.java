package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Binding;
import io.lynx.event.Events;
import io.lynx.event.EventsConfig;
import io.lynx.event.Overflow;
import io.lynx.event.Topic;
import io.lynx.health.HealthCheckConfig;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.metrics.MetricsConfig;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.recovery.Classification;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakerSection;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.resilience.Policies;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.resilience.TimeLimiter;
import io.lynx.resilience.WindowConfig;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Sleeper;
import io.lynx.time.SystemScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Durations that do not fit into a number of nanoseconds: what takes them refuses them by name, or works with them. */
class LongDurationsTest {
    private static final List<Duration> LONG = List.of(Duration.ofDays(300 * 365), Duration.ofSeconds(Long.MAX_VALUE));
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final ManualTime TIME = new ManualTime();

    interface Use {
        void with(Duration duration) throws Exception;
    }

    private static Arguments refused(String subject, Use use) {
        Use refusal = duration -> assertThatThrownBy(() -> use.with(duration))
                .as("%s: %s", subject, duration)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(subject);
        return Arguments.of(subject, refusal);
    }

    private static Arguments works(String name, Use use) {
        return Arguments.of(name, use);
    }

    static Stream<Arguments> uses() {
        return Stream.of(events(), health(), recovery(), breakers(), policies(), lifecycle(), others())
                .flatMap(uses -> uses);
    }

    private static Stream<Arguments> events() {
        return Stream.of(
                refused("age of history", d -> subscribe(d, SECOND, SECOND, Map.of())),
                refused("wait of a publisher", d -> subscribe(SECOND, d, SECOND, Map.of())),
                refused("drain timeout of a bus", d -> subscribe(SECOND, SECOND, d, Map.of())),
                refused("age of history", d -> subscribe(bus(d, null, null))),
                refused("wait of a publisher", d -> subscribe(bus(null, d, null))),
                refused("drain timeout of a bus", d -> subscribe(bus(null, null, d))),
                refused("age of history", d -> Events.builder().history("business", 1, d)),
                refused("wait of a publisher", d -> new Overflow(Overflow.Policy.BLOCK, d)),
                refused("wait of a publisher", Overflow.BLOCK::upTo));
    }

    private static EventsConfig.Bus bus(@Nullable Duration age, @Nullable Duration wait, @Nullable Duration drain) {
        return new EventsConfig.Bus(null, null, age, null, wait, drain);
    }

    private static void subscribe(EventsConfig.Bus bus) {
        subscribe(SECOND, SECOND, SECOND, Map.of("business", bus));
    }

    private static void subscribe(Duration age, Duration wait, Duration drain, Map<String, EventsConfig.Bus> buses) {
        EventsConfig config = new EventsConfig(10, 10, age, Overflow.Policy.BLOCK, wait, drain, buses);
        try (Events events = Events.builder().configuration(config).build()) {
            var _ = events.subscribe(Topic.of("business", "order.placed", Integer.class), _ -> {});
        }
    }

    private static Stream<Arguments> health() {
        return Stream.of(
                refused("interval", d -> health(d, SECOND, Map.of())),
                refused("timeout", d -> health(SECOND, d, Map.of())),
                refused("checks.db.interval", d -> health(SECOND, SECOND, Map.of("db", check(d, null)))),
                refused("checks.db.timeout", d -> health(SECOND, SECOND, Map.of("db", check(null, d)))),
                refused("1s to 10m", HealthCheckConfig.OverloadTime::new));
    }

    private static HealthCheckConfig.Check check(@Nullable Duration interval, @Nullable Duration timeout) {
        return new HealthCheckConfig.Check(true, interval, timeout, null, null, null, List.of());
    }

    private static void health(Duration interval, Duration timeout, Map<String, HealthCheckConfig.Check> checks) {
        var _ = new HealthCheckConfig(true, interval, timeout, 1, 1, HealthCheckConfig.OverloadTime.OFF, checks);
    }

    private static Stream<Arguments> recovery() {
        return Stream.of(
                refused("error_window", d -> recovery(d, SECOND, SECOND, SECOND, SECOND)),
                refused("recovery_timeout", d -> recovery(SECOND, d, SECOND, SECOND, SECOND)),
                refused("restart_window", d -> recovery(SECOND, SECOND, d, SECOND, SECOND)),
                refused("quarantine_initial", d -> recovery(SECOND, SECOND, SECOND, d, SECOND)),
                refused("quarantine_max", d -> recovery(SECOND, SECOND, SECOND, SECOND, d)),
                works("an error that may be retried after", LongDurationsTest::recordErrorToRetryAfter));
    }

    private static void recovery(
            Duration errors, Duration timeout, Duration restarts, Duration quarantine, Duration longest) {
        var _ = new ErrorRecoveryConfig(
                true,
                1,
                1,
                1,
                errors,
                timeout,
                1,
                1,
                restarts,
                ErrorRecoveryConfig.OnExhausted.PARK,
                quarantine,
                longest);
    }

    private static void recordErrorToRetryAfter(Duration duration) {
        Classification classification =
                Classification.of(ErrorCategory.NETWORK, ErrorSeverity.MEDIUM).withRetryAfter(Optional.of(duration));
        try (ErrorRecoveryManager manager = ErrorRecoveryManager.builder()
                .ticker(TIME)
                .clock(TIME)
                .scheduler(TIME)
                .build()) {
            manager.recordError(ErrorReport.builder("shop")
                    .message("busy")
                    .classification(classification)
                    .build());

            assertThat(manager.recentErrors(1)).extracting(ErrorRecord::message).containsExactly("busy");
        }
    }

    private static Stream<Arguments> breakers() {
        return Stream.of(
                refused(
                        "half_open_max_wait",
                        d -> CircuitBreakerConfig.builder().halfOpenMaxWait(d).build()),
                refused(
                        "max_timeout",
                        d -> CircuitBreakerConfig.builder().maxTimeout(d).build()),
                refused("window.size", d -> CircuitBreakerConfig.builder()
                        .window(WindowConfig.time(d, 1, .5))
                        .build()),
                refused("window.slow_call_duration", d -> CircuitBreakerConfig.builder()
                        .window(new WindowConfig.Time(
                                SECOND, WindowConfig.Limits.of(1, .5).withSlowCalls(d, .5)))
                        .build()),
                refused("circuit_breaker.timeout", d -> breaker(d, SECOND, SECOND, null, null)),
                refused("half_open_max_wait", d -> breaker(SECOND, d, SECOND, null, null)),
                refused("max_timeout", d -> breaker(SECOND, SECOND, d, null, null)),
                refused("window.size", d -> breaker(SECOND, SECOND, SECOND, window(d, SECOND), null)),
                refused("window.slow_call_duration", d -> breaker(SECOND, SECOND, SECOND, window(SECOND, d), null)),
                refused("circuit_breaker.timeout", d -> breaker(overrides(d, null, null))),
                refused("half_open_max_wait", d -> breaker(overrides(null, d, null))),
                refused("max_timeout", d -> breaker(overrides(null, null, d))));
    }

    private static CircuitBreakerSection.Window window(Duration size, Duration slow) {
        return new CircuitBreakerSection.Window(
                CircuitBreakerSection.Window.Type.TIME, new CircuitBreakerSection.Extent(0, size), 1, .5, slow, .5);
    }

    private static CircuitBreakerSection.Breaker overrides(
            @Nullable Duration timeout, @Nullable Duration wait, @Nullable Duration longest) {
        return new CircuitBreakerSection.Breaker(null, timeout, null, wait, null, longest, null, null);
    }

    private static void breaker(CircuitBreakerSection.Breaker own) {
        breaker(SECOND, SECOND, SECOND, null, own);
    }

    private static void breaker(
            Duration timeout,
            Duration wait,
            Duration longest,
            CircuitBreakerSection.@Nullable Window window,
            CircuitBreakerSection.@Nullable Breaker own) {
        CircuitBreakerSection section = new CircuitBreakerSection(
                1, timeout, 1, wait, 1, longest, 0, window, own == null ? Map.of() : Map.of("payments", own));
        var _ = CircuitBreakers.builder(section).build().get("payments");
    }

    private static Stream<Arguments> policies() {
        return Stream.of(
                refused("max_wait", d -> Bulkhead.of("stock", 1, d)),
                refused("period", d -> RateLimiter.builder("stock", 1, d).build()),
                refused(
                        "max_wait",
                        d -> RateLimiter.builder("stock", 1, SECOND).maxWait(d).build()),
                refused("timeout", d -> TimeLimiter.of(d, TIME)),
                refused("timeout", d -> TimeLimiter.of(d, TIME, TIME)),
                refused("initial_delay", d -> Retry.builder().initialDelay(d).build()),
                refused("max_delay", d -> Retry.builder().maxDelay(d).build()),
                refused(
                        "deadline",
                        d -> Policies.builder().scheduler(TIME).deadline(d).build()),
                refused("attempt_timeout", d -> Policies.builder()
                        .scheduler(TIME)
                        .attemptTimeout(d)
                        .build()),
                works("a failure that asks for a retry after", d -> {
                    Retry retry = Retry.builder()
                            .retryAfter(_ -> Optional.of(d))
                            .sleeper(_ -> {})
                            .build();
                    assertThatThrownBy(() -> retry.call(() -> {
                                throw new IOException("busy");
                            }))
                            .isInstanceOf(IOException.class)
                            .hasMessage("busy");
                    assertThat(retry.retries()).isZero();
                }));
    }

    private static Stream<Arguments> lifecycle() {
        return Stream.of(
                refused("drain delay", DrainDelay::new),
                refused("plugin_timeouts.shop", d -> new StartupConfig(SECOND, SECOND, Map.of("shop", d))),
                refused("plugin_timeouts.shop", d -> {
                    ShutdownConfig defaults = ShutdownConfig.DEFAULTS;
                    var _ = new ShutdownConfig(
                            SECOND,
                            true,
                            DrainDelay.AUTO,
                            SECOND,
                            Map.of("shop", d),
                            defaults.quit(),
                            defaults.hangup(),
                            defaults.exitCode());
                }));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                works("a deadline", LongDurationsTest::deadline),
                works("a task of the scheduler", LongDurationsTest::schedule),
                works("an interrupted sleep", d -> {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> Sleeper.system().sleep(d)).isInstanceOf(InterruptedException.class);
                }),
                works("the pause of a candidate", d -> assertThat(new LeadershipConfig(null, d, d, d).pause())
                        .isEqualTo(d.dividedBy(3))),
                works("the interval of derived metrics", LongDurationsTest::deriveMetrics),
                works("measured times", d -> {
                    ProductionMetrics metrics = ProductionMetrics.builder().build();
                    assertThatCode(() -> {
                                metrics.recordPluginLatency("shop", "shop", "start", d);
                                metrics.recordEventProcessed("order.placed", "business-bus", d);
                                metrics.recordRequest("GET", "/", "200", "http/1.1", d, 1, 1);
                                metrics.recordDbQuery("orders", "read", "get_order", d);
                            })
                            .doesNotThrowAnyException();
                }));
    }

    private static void deadline(Duration duration) {
        Deadline far = Deadline.after(duration, TIME);
        Deadline near = Deadline.after(SECOND, TIME);

        assertThat(far.isExpired()).isFalse();
        assertThat(far.remaining()).isGreaterThan(Duration.ofDays(100 * 365));
        assertThat(far).asString().startsWith("in ");
        assertThat(far.atMost(SECOND).remaining()).isEqualTo(SECOND);
        assertThat(near.atMost(duration).remaining()).isEqualTo(SECOND);
        assertThat(near.minus(duration).isExpired()).isTrue();
    }

    private static void schedule(Duration duration) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        try (SystemScheduler scheduler = new SystemScheduler("test-timer", Runnable::run)) {
            Scheduler.Scheduled far = scheduler.after(duration, () -> {});
            Scheduler.Scheduled _ = scheduler.after(Duration.ZERO, ran::countDown);

            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(far.cancel()).as("still waits").isTrue();
        }
    }

    private static void deriveMetrics(Duration duration) {
        MetricsConfig defaults = Binding.defaults(MetricsConfig.class);
        MetricsConfig config = new MetricsConfig(
                true, duration, defaults.prometheus(), defaults.histograms(), false, Map.of(), defaults.maxSeries());
        try (SystemScheduler scheduler = new SystemScheduler("test-timer", Runnable::run)) {
            ProductionMetrics metrics = ProductionMetrics.builder()
                    .config(config)
                    .scheduler(scheduler)
                    .build();

            assertThatCode(metrics::start).doesNotThrowAnyException();
            metrics.stop();
        }
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("uses")
    void areRefusedOrWork(String name, Use use) throws Exception {
        assertThat(name).isNotEmpty();
        for (Duration duration : LONG) {
            use.with(duration);
        }
    }
}
