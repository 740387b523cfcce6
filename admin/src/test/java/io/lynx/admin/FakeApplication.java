package io.lynx.admin;

import io.lynx.app.ApplicationConfig;
import io.lynx.app.ApplicationState;
import io.lynx.app.ApplicationView;
import io.lynx.app.ShutdownReport;
import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ReloadReport;
import io.lynx.event.Events;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthMonitor;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PluginPage;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An application that is as a test says, in manual time. */
final class FakeApplication implements ApplicationView {
    final ManualTime time = new ManualTime();
    final HealthMonitor health = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, Runnable::run)
            .clock(time)
            .random(() -> 0)
            .build();
    final Events events = Events.builder()
            .ticker(time)
            .wallClock(time)
            .scheduler(time)
            .random(() -> 0)
            .build();
    final CircuitBreakers breakers = CircuitBreakers.builder(CircuitBreakerConfig.defaults())
            .ticker(time)
            .build();
    final ErrorRecoveryManager recovery = ErrorRecoveryManager.builder()
            .ticker(time)
            .clock(time)
            .scheduler(time)
            .build();
    final ProductionMetrics metrics = ProductionMetrics.builder().clock(time).build();
    final List<PluginStatus> plugins = new ArrayList<>();
    final List<ConfigEntry> configuration = new ArrayList<>();
    volatile ApplicationState state = ApplicationState.READY;
    volatile @Nullable ShutdownReport shutdownReport;

    @Override
    public ApplicationState state() {
        return state;
    }

    @Override
    public ApplicationConfig identity() {
        return new ApplicationConfig("orders", "1.4.0", null, Map.of("team", "shop"), true);
    }

    @Override
    public String host() {
        return "box-1";
    }

    @Override
    public Instant startedAt() {
        return Instant.parse("2026-01-01T00:00:00Z");
    }

    @Override
    public Duration uptime() {
        return Duration.ofSeconds(90);
    }

    @Override
    public List<PluginStatus> plugins() {
        return plugins;
    }

    @Override
    public List<ConfigEntry> configuration() {
        return configuration;
    }

    @Override
    public HealthMonitor health() {
        return health;
    }

    @Override
    public List<PluginPage> pages() {
        return List.of();
    }

    @Override
    public Events events() {
        return events;
    }

    @Override
    public ErrorRecoveryManager recovery() {
        return recovery;
    }

    @Override
    public CircuitBreakers breakers() {
        return breakers;
    }

    @Override
    public ProductionMetrics metrics() {
        return metrics;
    }

    @Override
    public List<String> urls() {
        return List.of("http://localhost:8080");
    }

    @Override
    public long requestsInFlight() {
        return 2;
    }

    @Override
    public Optional<ShutdownReport> shutdownReport() {
        return Optional.ofNullable(shutdownReport);
    }

    @Override
    public void requestStop(String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReloadReport reload() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void restart(String id) {
        throw new UnsupportedOperationException();
    }
}
