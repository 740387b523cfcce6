package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.event.EventsConfig;
import io.lynx.event.Overflow;
import io.lynx.health.HealthCheckConfig;
import io.lynx.health.HealthCheckConfig.OverloadTime;
import io.lynx.metrics.MetricsConfig;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.resilience.CircuitBreakerSection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The complete example that users were given, and its environment variables. */
class SeedConfigurationTest {
    static final String COMPLETE = """
        # config.yml
        lynx:
          application:
            name: "production-service"
            version: "1.0.0"

          # Graceful shutdown configuration
          shutdown:
            timeout: 30s
            graceful: true

          # Error recovery configuration
          error_recovery:
            max_error_history: 1000
            max_recovery_history: 500
            error_threshold: 10
            recovery_timeout: 30s

          # Monitoring configuration
          metrics:
            enabled: true
            update_interval: 30s
            prometheus:
              enabled: true
              port: 9090

          # Health check configuration
          health_check:
            enabled: true
            interval: 30s
            timeout: 5s

          # Circuit breaker configuration
          circuit_breaker:
            default_threshold: 5
            default_timeout: 60s
            half_open_limit: 3
        """;

    record Application(String name, String version) {}

    record Shutdown(
            @Default("10s") @Range(min = "1s", max = "10m") Duration timeout,
            @Default("true") boolean graceful) {}

    static final ConfigSection<Application> APPLICATION = ConfigSection.of("lynx.application", Application.class);
    static final ConfigSection<Shutdown> SHUTDOWN = ConfigSection.of("lynx.shutdown", Shutdown.class);

    static final List<ConfigSection<?>> SECTIONS = List.of(
            APPLICATION,
            SHUTDOWN,
            ErrorRecoveryConfig.SECTION,
            MetricsConfig.SECTION,
            HealthCheckConfig.SECTION,
            CircuitBreakerSection.SECTION,
            EventsConfig.SECTION);

    @Test
    void completeExampleBinds() {
        Binding binding =
                ConfigSources.none().yaml("config.yml", COMPLETE).load().bind(SECTIONS, Map.of());

        assertThat(binding.problems()).isEmpty();
        assertThat(binding.warnings()).isEmpty();
        assertThat(binding.get(APPLICATION)).isEqualTo(new Application("production-service", "1.0.0"));
        assertThat(binding.get(SHUTDOWN)).isEqualTo(new Shutdown(Duration.ofSeconds(30), true));
        ErrorRecoveryConfig recovery = binding.get(ErrorRecoveryConfig.SECTION);
        assertThat(recovery.maxErrorHistory()).isEqualTo(1000);
        assertThat(recovery.maxRecoveryHistory()).isEqualTo(500);
        assertThat(recovery.errorThreshold()).isEqualTo(10);
        assertThat(recovery.recoveryTimeout()).isEqualTo(Duration.ofSeconds(30));
        MetricsConfig metrics = binding.get(MetricsConfig.SECTION);
        assertThat(metrics.enabled()).isTrue();
        assertThat(metrics.updateInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(metrics.prometheus()).isEqualTo(new MetricsConfig.Prometheus(true, 9090, Host.of("0.0.0.0")));
        HealthCheckConfig health = binding.get(HealthCheckConfig.SECTION);
        assertThat(health.enabled()).isTrue();
        assertThat(health.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(health.timeout()).isEqualTo(Duration.ofSeconds(5));
        CircuitBreakerSection breakers = binding.get(CircuitBreakerSection.SECTION);
        assertThat(breakers.defaultThreshold()).isEqualTo(5);
        assertThat(breakers.defaultTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(breakers.halfOpenLimit()).isEqualTo(3);
    }

    @Test
    void environmentVariablesOverrideTheExample() {
        Map<String, String> environment = Map.of(
                "LYNX_SHUTDOWN_TIMEOUT", "31s",
                "LYNX_ERROR_THRESHOLD", "11",
                "LYNX_METRICS_PORT", "9091",
                "LYNX_HEALTH_CHECK_INTERVAL", "32s");

        Binding binding = ConfigSources.none()
                .yaml("config.yml", COMPLETE)
                .environment(environment)
                .load()
                .bind(SECTIONS, Map.of());

        assertThat(binding.problems()).isEmpty();
        assertThat(binding.warnings()).isEmpty();
        assertThat(binding.get(SHUTDOWN).timeout()).isEqualTo(Duration.ofSeconds(31));
        assertThat(binding.get(ErrorRecoveryConfig.SECTION).errorThreshold()).isEqualTo(11);
        assertThat(binding.get(MetricsConfig.SECTION).prometheus().port()).isEqualTo(9091);
        assertThat(binding.get(HealthCheckConfig.SECTION).interval()).isEqualTo(Duration.ofSeconds(32));
        assertThat(binding.table())
                .filteredOn(entry -> entry.source().startsWith("env "))
                .extracting(ConfigEntry::key, ConfigEntry::source)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "lynx.error_recovery.error_threshold", "env LYNX_ERROR_THRESHOLD"),
                        org.assertj.core.groups.Tuple.tuple(
                                "lynx.health_check.interval", "env LYNX_HEALTH_CHECK_INTERVAL"),
                        org.assertj.core.groups.Tuple.tuple("lynx.metrics.prometheus.port", "env LYNX_METRICS_PORT"),
                        org.assertj.core.groups.Tuple.tuple("lynx.shutdown.timeout", "env LYNX_SHUTDOWN_TIMEOUT"));
    }

    @Test
    void sectionsHaveTheirDefaults() {
        assertThat(Binding.defaults(ErrorRecoveryConfig.class))
                .isEqualTo(new ErrorRecoveryConfig(
                        true,
                        1000,
                        500,
                        10,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30),
                        10,
                        3,
                        Duration.ofMinutes(5),
                        ErrorRecoveryConfig.OnExhausted.PARK,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10)));
        assertThat(Binding.defaults(MetricsConfig.class))
                .isEqualTo(new MetricsConfig(
                        true,
                        Duration.ofSeconds(30),
                        new MetricsConfig.Prometheus(true, 9090, Host.of("0.0.0.0")),
                        MetricsConfig.Histograms.CLASSIC,
                        false,
                        Map.of(),
                        1000));
        assertThat(Binding.defaults(HealthCheckConfig.class))
                .isEqualTo(new HealthCheckConfig(
                        true, Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 1, OverloadTime.OFF, Map.of()));
        assertThat(Binding.defaults(CircuitBreakerSection.class))
                .isEqualTo(new CircuitBreakerSection(
                        5, Duration.ofSeconds(60), 3, null, 1, Duration.ofMinutes(5), 0, null, Map.of()));
        assertThat(Binding.defaults(EventsConfig.class))
                .isEqualTo(new EventsConfig(
                        1024,
                        1000,
                        Duration.ofHours(24),
                        Overflow.Policy.BLOCK,
                        Duration.ofMillis(5),
                        Duration.ofSeconds(5),
                        Map.of()));
    }
}
