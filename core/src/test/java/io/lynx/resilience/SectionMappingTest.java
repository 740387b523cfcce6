package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.resilience.CircuitBreakerSection.Breaker;
import io.lynx.resilience.CircuitBreakerSection.Extent;
import io.lynx.resilience.CircuitBreakerSection.Window;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SectionMappingTest {
    private static final Window LAST_TWENTY =
            new Window(Window.Type.COUNT, Extent.parse("20"), 10, .5, Duration.ofSeconds(2), .8);
    private static final Window LAST_MINUTE = new Window(Window.Type.TIME, Extent.parse("60s"), 10, .25, null, 1);

    private static CircuitBreakerSection section(@Nullable Window window, Map<String, Breaker> breakers) {
        return new CircuitBreakerSection(
                4, Duration.ofSeconds(30), 2, null, 1.5, Duration.ofMinutes(2), .25, window, breakers);
    }

    @Test
    void theSectionConfiguresEveryBreaker() {
        CircuitBreakerConfig config = CircuitBreakers.builder(section(null, Map.of()))
                .build()
                .get("payments")
                .config();

        assertThat(config.threshold()).isEqualTo(4);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.halfOpenLimit()).isEqualTo(2);
        assertThat(config.halfOpenMaxWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.growth()).isEqualTo(1.5);
        assertThat(config.maxTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.jitter()).isEqualTo(.25);
        assertThat(config.window()).isEmpty();
    }

    @Test
    void configurationOfANameOverridesTheOptionsInTheCode() {
        Breaker own = new Breaker(9, null, null, null, null, null, null, null);
        CircuitBreakers breakers =
                CircuitBreakers.builder(section(null, Map.of("stock", own))).build();

        CircuitBreakerConfig stock = breakers.get(
                        "stock", options -> options.threshold(2).timeout(Duration.ofSeconds(7)))
                .config();

        assertThat(stock.threshold()).isEqualTo(9);
        assertThat(stock.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(stock.halfOpenMaxWait()).isEqualTo(Duration.ofSeconds(7));
        assertThat(stock.halfOpenLimit()).isEqualTo(2);
    }

    @Test
    void valuesOfABreakerOverrideTheCommonOnes() {
        Breaker own = new Breaker(9, Duration.ofMinutes(10), 1, Duration.ofSeconds(5), 1.0, null, 0.0, LAST_MINUTE);
        CircuitBreakers breakers = CircuitBreakers.builder(section(LAST_TWENTY, Map.of("stock", own)))
                .build();

        CircuitBreakerConfig stock = breakers.get("stock").config();
        assertThat(stock.threshold()).isEqualTo(9);
        assertThat(stock.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(stock.halfOpenLimit()).isEqualTo(1);
        assertThat(stock.halfOpenMaxWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stock.growth()).isEqualTo(1);
        assertThat(stock.jitter()).isZero();
        assertThat(stock.maxTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(stock.window()).contains(WindowConfig.time(Duration.ofSeconds(60), 10, .25));
        assertThat(breakers.get("payments").config().window())
                .contains(new WindowConfig.Count(
                        20, WindowConfig.Limits.of(10, .5).withSlowCalls(Duration.ofSeconds(2), .8)));
    }

    @Test
    void theLargestWindowIsTenThousandCalls() {
        assertThat(Extent.parse("10000").calls()).isEqualTo(10_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Extent.parse("10001"))
                .withMessage("a number of calls from 1 to 10000, or a duration from 1s to 1d");
    }
}
