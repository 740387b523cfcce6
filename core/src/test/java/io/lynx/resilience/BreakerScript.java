package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.time.Duration;

/**
 * Plays calls against a breaker: S succeeds, F fails, X is ignored, R must be rejected, ~ waits for the timeout. All but R
 * must be admitted.
 */
final class BreakerScript {
    static Exception failure() {
        return new Exception("down");
    }

    final ManualTime time = new ManualTime();
    final CircuitBreaker breaker;

    BreakerScript(CircuitBreakerConfig.Builder config) {
        this.breaker = CircuitBreaker.of("payments", config.build(), time);
    }

    BreakerScript play(String calls) {
        for (int i = 0; i < calls.length(); i++) {
            String place = "call " + i + " of " + calls;
            switch (calls.charAt(i)) {
                case 'S' -> admitted(place).success();
                case 'F' -> admitted(place).failure(failure());
                case 'X' -> admitted(place).ignore();
                case 'R' -> assertThat(breaker.tryAcquire()).as(place).isNull();
                case '~' -> time.advance(breaker.config().timeout());
                default -> {
                    // A space, for reading.
                }
            }
        }
        return this;
    }

    BreakerScript advance(Duration duration) {
        time.advance(duration);
        return this;
    }

    Permit admitted(String place) {
        Permit permit = breaker.tryAcquire();
        assertThat(permit).as(place).isNotNull();
        return permit;
    }

    void isClosed() {
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.CLOSED);
    }

    void isOpen() {
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.OPEN);
    }

    void isHalfOpen() {
        assertThat(breaker.state()).isEqualTo(CircuitBreakerState.HALF_OPEN);
    }
}
