package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.plugin.PluginContext;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakers;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Options of circuit breakers that a plugin sets through its context. */
class OwnedBreakerOptionsTest {
    private final ContainerFixture fixture = new ContainerFixture();

    private static boolean countsAsFailure(CircuitBreaker breaker, Exception failure) {
        long before = breaker.failures();
        assertThatThrownBy(() -> breaker.call(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        return breaker.failures() > before;
    }

    @Test
    void optionsAreWithdrawnWhenThePluginStops() throws Exception {
        FakePlugin plugin = fixture.add("orders").onStart(context -> {
            CircuitBreakers breakers = context.breakers();
            CircuitBreaker _ =
                    breakers.get("db", options -> options.failureWhen(IllegalStateException.class::isInstance));
            CircuitBreaker _ = breakers.get("db", options -> options.failureWhen(IOException.class::isInstance));
        });
        fixture.start();
        PluginContext context = Objects.requireNonNull(plugin.context);
        CircuitBreaker breaker = context.breakers().get("db");

        assertThat(countsAsFailure(breaker, new IllegalStateException())).isFalse();
        assertThat(countsAsFailure(breaker, new IOException())).isTrue();
        assertThat(fixture.stop()).allMatch(PluginStop::isClean);

        assertThat(countsAsFailure(breaker, new IllegalStateException())).isTrue();
        assertThatThrownBy(() -> context.breakers().get("db", options -> options.failureWhen(_ -> false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("plugin 'orders': cannot set options of the circuit breaker 'db' after it has stopped");
        assertThat(countsAsFailure(breaker, new IllegalStateException())).isTrue();
    }

    @Test
    void optionsOfTheNextStartStay() throws Exception {
        FakePlugin plugin = fixture.add("orders");
        plugin.onStart(context -> {
            CircuitBreaker _ = context.breakers().get("db", options -> options.failureWhen(_ -> false));
        });
        fixture.start();

        var _ = fixture.container().restart("orders");

        CircuitBreaker breaker =
                Objects.requireNonNull(plugin.context).breakers().get("db");
        assertThat(countsAsFailure(breaker, new IllegalStateException())).isFalse();
    }
}
