package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.health.HealthCheckOptions;
import io.lynx.resilience.CircuitBreakerSection;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of the keys that operators can write. */
class SectionRecordsTest {
    private static Binding bind(String yaml) {
        return ConfigSources.none()
                .yaml("config.yml", "lynx.application: {name: a, version: 1}\n" + yaml)
                .load()
                .bind(SeedConfigurationTest.SECTIONS, Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lynx.error_recovery.max_error_history: 0 | lynx.error_recovery.max_error_history: '0' is out of range"
                        + " (config.yml:2); 1 to 1000000",
                "lynx.error_recovery.max_recovery_history: 1000001 | lynx.error_recovery.max_recovery_history:"
                        + " '1000001' is out of range (config.yml:2); 1 to 1000000",
                "lynx.error_recovery.error_threshold: 0 | lynx.error_recovery.error_threshold: '0' is out of range"
                        + " (config.yml:2); at least 1",
                "lynx.error_recovery.on_exhausted: die | lynx.error_recovery.on_exhausted: 'die' is not allowed"
                        + " (config.yml:2); one of park, park_for_good, shutdown",
                "lynx.metrics.update_interval: 500ms | lynx.metrics.update_interval: '500ms' is out of range"
                        + " (config.yml:2); 1s to 10m",
                "lynx.metrics.prometheus.port: 65536 | lynx.metrics.prometheus.port: '65536' is out of range"
                        + " (config.yml:2); 0 to 65535",
                "lynx.metrics.buckets: {m: [1, 1]} | lynx.metrics: buckets of m: 1.0 after 1.0; each bound is above"
                        + " the one before (config.yml:2)",
                "lynx.metrics.buckets: {m: []} | lynx.metrics: buckets of m: none; one upper bound at least"
                        + " (config.yml:2)",
                "lynx.health_check.failure_threshold: 0 | lynx.health_check.failure_threshold: '0' is out of range"
                        + " (config.yml:2); 1 to 1000",
                "lynx.health_check.checks: {db: {intervall: 5s}} | lynx.health_check.checks.db.intervall: unknown"
                        + " (config.yml:2); did you mean 'interval'?",
                "lynx.circuit_breaker.default_threshold: 0 | lynx.circuit_breaker.default_threshold: '0' is out of"
                        + " range (config.yml:2); at least 1",
                "lynx.circuit_breaker.default_timeout: 0 | lynx.circuit_breaker.default_timeout: '0' is out of range"
                        + " (config.yml:2); 1ms to 1d",
                "lynx.circuit_breaker: {growth_factor: 2, max_timeout: 1s} | lynx.circuit_breaker: max_timeout is"
                        + " below default_timeout; make it at least as long, or set growth_factor to 1 (config.yml:2)",
                "lynx.circuit_breaker.window: {type: time, size: 10} | lynx.circuit_breaker.window: size is a number;"
                        + " a window of type time needs a duration such as '60s' (config.yml:2)",
                "lynx.circuit_breaker.window: {size: 10s} | lynx.circuit_breaker.window: size is a duration; a window"
                        + " of type count needs a number of calls (config.yml:2)",
                "lynx.circuit_breaker.window: {size: 9} | lynx.circuit_breaker.window: minimum_calls is 10 and size is"
                        + " 9; minimum_calls must be at most the size, or the breaker never opens (config.yml:2)",
                "lynx.circuit_breaker.window: {size: 0} | lynx.circuit_breaker.window.size: '0' is not allowed"
                        + " (config.yml:2); a number of calls from 1 to 10000, or a duration from 1s to 1d",
                "lynx.circuit_breaker.window: {failure_rate: 50} | lynx.circuit_breaker.window.failure_rate: '50' is"
                        + " out of range (config.yml:2); 0.001 to 1",
                "lynx.events.queue_size: 0 | lynx.events.queue_size: '0' is out of range (config.yml:2); 1 to 1048576",
                "lynx.events.buses: {audit: {overflow: drop}} | lynx.events.buses.audit.overflow: 'drop' is not"
                        + " allowed (config.yml:2); one of block, drop_newest, drop_oldest",
            })
    void limitsAreEnforced(String line, String message) {
        assertThat(bind(line).problems()).extracting(ConfigProblem::message).containsExactly(message);
    }

    @Test
    void sectionsWithDifferentNamesBind() {
        Binding binding = bind("""
            lynx:
              circuit_breaker:
                window: {type: time, size: 30s, minimum_calls: 500}
                breakers:
                  orders.db:
                    threshold: 2
                    half_open_max_wait: 1s
                    window: {failure_rate: 0.25, slow_call_duration: 200ms, slow_call_rate: 0.9}
              health_check.checks:
                db.mysql: {criticality: degrading, groups: [readiness, startup], enabled: false}
            """).orThrow();

        CircuitBreakerSection breakers = binding.get(CircuitBreakerSection.SECTION);
        assertThat(Objects.requireNonNull(breakers.window()).size())
                .isEqualTo(new CircuitBreakerSection.Extent(0, Duration.ofSeconds(30)));
        var orders = Objects.requireNonNull(breakers.breakers().get("orders.db"));
        assertThat(orders.threshold()).isEqualTo(2);
        assertThat(orders.timeout()).isNull();
        assertThat(Objects.requireNonNull(orders.window()).size().calls()).isEqualTo(100);
        var check = Objects.requireNonNull(
                binding.get(io.lynx.health.HealthCheckConfig.SECTION).checks().get("db.mysql"));
        assertThat(check.enabled()).isFalse();
        assertThat(check.criticality()).isEqualTo(HealthCheckOptions.Criticality.DEGRADING);
        assertThat(check.groups())
                .containsExactly(HealthCheckOptions.Group.READINESS, HealthCheckOptions.Group.STARTUP);
    }
}
