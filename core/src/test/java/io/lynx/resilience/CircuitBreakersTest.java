package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
    void givesTheSameBreakerToConcurrentThreads() throws Exception {
        CircuitBreakers breakers = builder().build();

        List<CircuitBreaker> given = CircuitBreakerBehaviourTest.inParallel(32, () -> breakers.get("payments"));

        assertThat(given).hasSize(32).containsOnly(breakers.get("payments"));
    }

    @Test
    void aNameMayHaveItsOwnConfiguration() {
        CircuitBreakers breakers =
                builder().override("stock", own -> own.threshold(9)).build();

        assertThat(breakers.get("stock").config().threshold()).isEqualTo(9);
        assertThat(breakers.get("payments").config().threshold()).isEqualTo(2);
    }

    @Test
    void listenersReceiveTheEventsOfEveryBreaker() {
        List<String> heard = new ArrayList<>();
        CircuitBreakers breakers = builder().build();
        Registration listener = breakers.addListener("test", event -> heard.add(event.breaker()));

        breakers.get("a").acquire().failure(new IOException());
        breakers.get("b").acquire().failure(new IOException());

        listener.close();
        breakers.get("a").acquire().failure(new IOException());

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
    void replacesIdleBreakersAndKeepsBusyOpenAndConfiguredOnes() {
        CircuitBreakers breakers =
                builder().maxNames(4).override("configured", _ -> {}).build();
        var _ = breakers.get("configured");
        CircuitBreaker open = breakers.get("open");
        open.acquire().failure(new IOException());
        open.acquire().failure(new IOException());
        CircuitBreaker busy = breakers.get("busy");
        var _ = breakers.get("idle");

        for (int i = 0; i < 10; i++) {
            busy.acquire().success();
            var _ = breakers.get("new-" + i);
        }

        assertThat(breakers.find("configured")).isPresent();
        assertThat(breakers.find("open")).containsSame(open);
        assertThat(breakers.find("busy")).containsSame(busy);
        assertThat(breakers.all())
                .extracting(CircuitBreaker::name)
                .contains("new-9")
                .doesNotContain("idle");
    }

    @Test
    void aBreakerThatIsHeldIsNeverReplaced() throws Exception {
        CircuitBreakers breakers = builder().maxNames(8).build();
        CircuitBreaker held = breakers.get("held");

        for (int i = 0; i < 1_000; i++) {
            var _ = breakers.get("name-" + i).call(() -> "made");
        }
        held.acquire().failure(new IOException());
        held.acquire().failure(new IOException());

        assertThat(breakers.all()).as("operators see the one that is used").contains(held);
        assertThat(breakers.find("held")).containsSame(held);
        assertThat(breakers.get("held")).isSameAs(held);
        assertThat(breakers.get("held").state()).isEqualTo(CircuitBreakerState.OPEN);
    }

    @Test
    void optionsAreSetWhereTheBreakerIsUsed() {
        CircuitBreakers breakers = builder().build();
        Consumer<CircuitBreakerConfig.Builder> options =
                b -> b.threshold(1).failureWhen(failure -> !(failure instanceof IllegalArgumentException));

        CircuitBreaker database = breakers.get("orders.database", options);
        database.acquire().failure(new IllegalArgumentException());
        assertThat(database.state()).isEqualTo(CircuitBreakerState.CLOSED);
        database.acquire().failure(new IOException());

        assertThat(database.state()).isEqualTo(CircuitBreakerState.OPEN);
        assertThat(breakers.get("orders.database", options)).isSameAs(database);
        assertThat(database.state())
                .as("setting the same options changes nothing")
                .isEqualTo(CircuitBreakerState.OPEN);
        assertThat(breakers.get("payments").config().threshold()).isEqualTo(2);
    }

    @Test
    void optionsApplyToABreakerThatExistsAndCanBeTakenBack() {
        CircuitBreakers breakers = builder().build();
        CircuitBreaker database = breakers.get("orders.database");
        database.acquire().failure(new IOException());

        Registration options = breakers.configure("orders.database", b -> b.threshold(1));
        assertThat(database.config().threshold()).isEqualTo(1);
        assertThat(database.snapshot().failed()).as("counts start again").isZero();

        options.close();
        assertThat(database.config().threshold()).isEqualTo(2);
    }

    @Test
    void configuringANameCreatesNoBreaker() {
        CircuitBreakers breakers = builder().build();

        var _ = breakers.configure("orders.database", b -> b.threshold(1));

        assertThat(breakers.all()).isEmpty();
        assertThat(breakers.get("orders.database").config().threshold()).isEqualTo(1);
    }

    @Test
    void aBreakerThatRemembersFailuresStaysUntilItHasBeenIdleForLong() {
        CircuitBreakers breakers =
                builder().maxNames(1).idleAfter(Duration.ofMinutes(5)).build();
        CircuitBreaker failing = breakers.get("failing");
        failing.acquire().failure(new IOException());
        var _ = breakers.get("first look");

        time.advance(Duration.ofMinutes(4));
        var _ = breakers.get("too early");
        assertThat(breakers.all()).containsExactly(failing);
        time.advance(Duration.ofMinutes(1));
        var _ = breakers.get("late enough");

        assertThat(breakers.all()).extracting(CircuitBreaker::name).containsExactly("late enough");
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
    void searchingForAReplaceableBreakerChangesNoState() {
        List<CircuitBreakerEvent> events = new ArrayList<>();
        CircuitBreakers breakers = builder().maxNames(1).build();
        var _ = breakers.addListener("test", events::add);
        CircuitBreaker open = breakers.get("open");
        open.acquire().failure(new IOException());
        open.acquire().failure(new IOException());
        time.advance(Duration.ofHours(1));
        events.clear();

        var _ = breakers.get("new");

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

        assertThat(breakers.size()).isEqualTo(16);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> builder().maxNames(0).idleAfter(Duration.ZERO).build())
                .hasMessage("""
                    circuit_breakers.max_names: 0; allowed is 1 to 100000
                    circuit_breakers.idle_after: PT0S; allowed is PT0.001S to PT8760H\
                    """);
        assertThatThrownBy(() -> builder().build().get(""))
                .hasMessage("circuit breaker name: 0 characters; allowed is 1 to 200");
    }
}
