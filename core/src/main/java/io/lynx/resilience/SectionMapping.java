package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Maps the section of the configuration file to configurations of breakers. Stateless. */
final class SectionMapping {
    private SectionMapping() {}

    /** Returns the defaults of all breakers. */
    static CircuitBreakerConfig common(CircuitBreakerSection section) {
        Duration timeout = section.defaultTimeout();
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.builder()
                .threshold(section.defaultThreshold())
                .timeout(timeout)
                .halfOpenLimit(section.halfOpenLimit())
                .growth(section.growthFactor())
                .jitter(section.timeoutJitter())
                .maxTimeout(longer(section.maxTimeout(), timeout));
        set(section.halfOpenMaxWait(), builder::halfOpenMaxWait);
        set(section.window(), window -> builder.window(window(window)));
        return builder.build();
    }

    /** Returns what is configured for one breaker; it sets nothing else. */
    static Consumer<CircuitBreakerConfig.Builder> override(CircuitBreakerSection.Breaker own) {
        return builder -> {
            set(own.threshold(), builder::threshold);
            set(own.timeout(), builder::timeout);
            set(own.halfOpenLimit(), builder::halfOpenLimit);
            set(own.halfOpenMaxWait(), builder::halfOpenMaxWait);
            set(own.growthFactor(), builder::growth);
            set(own.timeoutJitter(), builder::jitter);
            set(own.window(), window -> builder.window(window(window)));
            if (own.maxTimeout() == null) {
                // A timeout above the maximum of all breakers is meant as it is written; it just does not grow.
                builder.raiseMaxTimeout();
            } else {
                builder.maxTimeout(own.maxTimeout());
            }
        };
    }

    private static <T> void set(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
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
