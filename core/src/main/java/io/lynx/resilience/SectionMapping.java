package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Breakers' configurations from the section of the configuration file. Stateless. */
final class SectionMapping {
    private SectionMapping() {}

    /** What holds for every breaker that the section does not name. */
    static CircuitBreakerConfig common(CircuitBreakerSection section) {
        return config(section, new CircuitBreakerSection.Breaker(null, null, null, null, null, null, null));
    }

    /** What holds for one breaker: its own values, and the section's for the rest. */
    static CircuitBreakerConfig config(CircuitBreakerSection section, CircuitBreakerSection.Breaker own) {
        Duration timeout = or(own.timeout(), section.defaultTimeout());
        Duration maxTimeout = or(own.maxTimeout(), section.maxTimeout());
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.builder()
                .threshold(or(own.threshold(), section.defaultThreshold()))
                .timeout(timeout)
                .halfOpenLimit(or(own.halfOpenLimit(), section.halfOpenLimit()))
                .growth(or(own.growthFactor(), section.growthFactor()))
                // A timeout above the common maximum is meant as it is written; it just does not grow.
                .maxTimeout(maxTimeout.compareTo(timeout) < 0 ? timeout : maxTimeout);
        Duration maxWait = own.halfOpenMaxWait() == null ? section.halfOpenMaxWait() : own.halfOpenMaxWait();
        if (maxWait != null) {
            builder.halfOpenMaxWait(maxWait);
        }
        CircuitBreakerSection.Window window = own.window() == null ? section.window() : own.window();
        if (window != null) {
            builder.window(window(window));
        }
        return builder.build();
    }

    private static <T> T or(@Nullable T own, T common) {
        return own == null ? common : own;
    }

    private static WindowConfig window(CircuitBreakerSection.Window window) {
        WindowConfig.Limits limits = new WindowConfig.Limits(
                window.minimumCalls(),
                window.failureRate(),
                Optional.ofNullable(window.slowCallDuration()),
                window.slowCallRate());
        return switch (window.type()) {
            case COUNT -> new WindowConfig.Count(window.size().calls(), limits);
            case TIME -> new WindowConfig.Time(window.size().time(), limits);
        };
    }
}
