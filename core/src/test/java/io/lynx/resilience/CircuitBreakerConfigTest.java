package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CircuitBreakerConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        CircuitBreakerConfig config = CircuitBreakerConfig.defaults();

        assertThat(config.threshold()).isEqualTo(5);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.halfOpenLimit()).isEqualTo(3);
        assertThat(config.halfOpenMaxWait()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.growth()).isEqualTo(1);
        assertThat(config.maxTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.window()).isEmpty();
    }

    @Test
    void unsetDurationsFollowTheTimeout() {
        CircuitBreakerConfig config =
                CircuitBreakerConfig.builder().timeout(Duration.ofMinutes(10)).build();

        assertThat(config.halfOpenMaxWait()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.maxTimeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aBuilderCanStartFromAConfiguration() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .threshold(7)
                .timeout(Duration.ofSeconds(7))
                .halfOpenLimit(2)
                .growth(1.5)
                .window(WindowConfig.count(10, .5))
                .build();

        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void reportsAllValuesOutOfRange() {
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.builder()
                .threshold(0)
                .timeout(Duration.ZERO)
                .halfOpenLimit(0)
                .halfOpenMaxWait(Duration.ofNanos(1))
                .growth(.5)
                .maxTimeout(Duration.ofSeconds(-1))
                .window(new WindowConfig.Count(
                        0, new WindowConfig.Limits(0, Double.NaN, Optional.of(Duration.ZERO), 1.1)));

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage("""
            circuit_breaker.threshold: 0; allowed is at least 1
            circuit_breaker.timeout: PT0S; allowed is PT0.001S to PT8760H
            circuit_breaker.half_open_limit: 0; allowed is 1 to 10000 probes
            circuit_breaker.half_open_max_wait: PT0.000000001S; allowed is PT0.001S to PT8760H
            circuit_breaker.growth: 0.5; allowed is 1 to 100
            circuit_breaker.max_timeout: PT-1S; allowed is the timeout (PT0S) to PT8760H
            circuit_breaker.window.size: 0; allowed is 1 to 10000 calls
            circuit_breaker.window.minimum_calls: 0; allowed is 1 to the window's size (0)
            circuit_breaker.window.failure_rate: NaN; allowed is above 0 to 1
            circuit_breaker.window.slow_call_rate: 1.1; allowed is above 0 to 1
            circuit_breaker.window.slow_call_duration: PT0S; allowed is PT0.000000001S to PT24H\
            """);
    }

    @Test
    void aTimeWindowMustBeInRange() {
        CircuitBreakerConfig.Builder builder =
                CircuitBreakerConfig.builder().window(WindowConfig.time(Duration.ofDays(2), 0, 0));

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessage("""
            circuit_breaker.window.size: PT48H; allowed is PT0.01S to PT24H
            circuit_breaker.window.minimum_calls: 0; allowed is at least 1
            circuit_breaker.window.failure_rate: 0.0; allowed is above 0 to 1\
            """);
    }

    @Test
    void refusesAMinimumOfCallsAboveTheSizeOfTheWindow() {
        CircuitBreakerConfig.Builder builder =
                CircuitBreakerConfig.builder().window(new WindowConfig.Count(10, WindowConfig.Limits.of(11, .5)));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessage("circuit_breaker.window.minimum_calls: 11; allowed is 1 to the window's size (10)");
    }

    @Test
    void theTimeoutGrowsNoFurtherThanItsMaximum() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .growth(100)
                .maxTimeout(Duration.ofHours(1))
                .build();

        assertThat(config.openNanos(0, () -> 0))
                .isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(config.openNanos(1, () -> 0)).isEqualTo(Duration.ofHours(1).toNanos());
        assertThat(config.openNanos(Integer.MAX_VALUE, () -> 0))
                .isEqualTo(Duration.ofHours(1).toNanos());
    }
}
