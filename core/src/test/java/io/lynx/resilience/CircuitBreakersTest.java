package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CircuitBreakersTest {
    private final ManualTime time = new ManualTime();

    private CircuitBreakers.Builder builder() {
        return CircuitBreakers.builder(
                        CircuitBreakerConfig.builder().threshold(2).build())
                .ticker(time);
    }

    @Test
    void givesTheSameBreakerForTheSameName() {
        CircuitBreakers breakers = builder().build();

        CircuitBreaker breaker = breakers.get("payments");

        assertThat(breakers.get("payments")).isSameAs(breaker);
        assertThat(breakers.find("payments")).containsSame(breaker);
        assertThat(breakers.find("stock")).isEmpty();
        assertThat(breakers.all()).containsExactly(breaker);
    }

    @Test
    void givesTheSameBreakerToThreadsThatAskAtOnce() throws Exception {
        CircuitBreakers breakers = builder().build();

        List<CircuitBreaker> given = CircuitBreakerBehaviourTest.inParallel(32, () -> breakers.get("payments"));

        assertThat(given).hasSize(32).containsOnly(breakers.get("payments"));
    }

    @Test
    void aNameMayHaveItsOwnConfiguration() {
        CircuitBreakerConfig own = CircuitBreakerConfig.builder().threshold(9).build();
        CircuitBreakers breakers = builder().override("stock", own).build();

        assertThat(breakers.get("stock").config()).isEqualTo(own);
        assertThat(breakers.get("payments").config().threshold()).isEqualTo(2);
    }

    @Test
    void listenersHearEveryBreaker() {
        List<String> heard = new ArrayList<>();
        CircuitBreakers breakers =
                builder().listener(event -> heard.add(event.breaker())).build();

        breakers.get("a").acquire().failure(new IOException());
        breakers.get("b").acquire().failure(new IOException());

        assertThat(heard).containsExactly("a", "b");
    }

    @Test
    void aHundredThousandNamesStayWithinTheBound() {
        CircuitBreakers breakers = builder().build();

        for (int i = 0; i < 100_000; i++) {
            CircuitBreaker breaker = breakers.get("host-" + i + "\u0000\n\"");
            breaker.acquire().success();
        }

        assertThat(breakers.all()).hasSize(1024);
        assertThat(breakers.evictions()).isGreaterThan(90_000);
    }

    @Test
    void replacesTheIdleAndKeepsTheBusyOpenAndConfigured() {
        CircuitBreakers breakers = builder()
                .maxNames(4)
                .override("configured", CircuitBreakerConfig.defaults())
                .build();
        breakers.get("configured");
        CircuitBreaker open = breakers.get("open");
        open.acquire().failure(new IOException());
        open.acquire().failure(new IOException());
        CircuitBreaker busy = breakers.get("busy");
        breakers.get("idle");

        for (int i = 0; i < 10; i++) {
            busy.acquire().success();
            breakers.get("new-" + i);
        }

        assertThat(breakers.find("configured")).isPresent();
        assertThat(breakers.find("open")).containsSame(open);
        assertThat(breakers.find("busy")).containsSame(busy);
        assertThat(breakers.find("idle")).isEmpty();
        assertThat(breakers.find("new-9")).isPresent();
    }

    @Test
    void aBreakerThatRemembersFailuresStaysUntilItHasBeenIdleForLong() {
        CircuitBreakers breakers =
                builder().maxNames(1).idleAfter(Duration.ofMinutes(5)).build();
        CircuitBreaker failing = breakers.get("failing");
        failing.acquire().failure(new IOException());
        breakers.get("first look");

        time.advance(Duration.ofMinutes(4));
        breakers.get("too early");
        assertThat(breakers.find("failing")).isPresent();
        time.advance(Duration.ofMinutes(1));
        breakers.get("late enough");

        assertThat(breakers.find("failing")).isEmpty();
        assertThat(breakers.find("late enough")).isPresent();
    }

    @Test
    void namesBeyondTheBoundAreNotProtectedButWork() throws Exception {
        CircuitBreakers breakers = builder().maxNames(1).build();
        CircuitBreaker open = breakers.get("open");
        open.acquire().failure(new IOException());
        open.acquire().failure(new IOException());

        CircuitBreaker other = breakers.get("beyond");
        for (int i = 0; i < 10; i++) {
            other.acquire().failure(new IOException());
        }

        assertThat(other.call(() -> "made")).isEqualTo("made");
        assertThat(other).isSameAs(breakers.unprotected());
        assertThat(breakers.overflows()).isEqualTo(1);
        assertThat(breakers.get("open")).isSameAs(open);
    }

    @Test
    void lookingForRoomMovesNoBreaker() {
        List<CircuitBreakerEvent> events = new ArrayList<>();
        CircuitBreakers breakers = builder().maxNames(1).listener(events::add).build();
        CircuitBreaker open = breakers.get("open");
        open.acquire().failure(new IOException());
        open.acquire().failure(new IOException());
        time.advance(Duration.ofHours(1));
        events.clear();

        breakers.get("new");

        assertThat(events).isEmpty();
        assertThat(open.state()).isEqualTo(CircuitBreakerState.HALF_OPEN);
    }

    @Test
    void manyThreadsWithManyNamesStayWithinTheBound() throws Exception {
        CircuitBreakers breakers = builder().maxNames(16).build();
        AtomicInteger names = new AtomicInteger();

        CircuitBreakerBehaviourTest.inParallel(16, () -> {
            for (int i = 0; i < 500; i++) {
                breakers.get("name-" + names.incrementAndGet()).acquire().success();
            }
            return null;
        });

        assertThat(breakers.all()).hasSize(16);
    }

    @Test
    void saysWhatIsOutOfRange() {
        assertThatThrownBy(() -> builder().maxNames(0).idleAfter(Duration.ZERO).build())
                .hasMessage("""
                    circuit_breakers.max_names: 0; allowed is 1 to 100000
                    circuit_breakers.idle_after: PT0S; allowed is at least PT0.001S\
                    """);
        assertThatThrownBy(() -> builder().build().get(""))
                .hasMessage("circuit breaker name: 0 characters; allowed is 1 to 200");
    }
}
