package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final ManualTime time = new ManualTime();

    private static int take(RetryBudget budget) {
        int taken = 0;
        while (budget.tryRetry("test")) {
            taken++;
        }
        return taken;
    }

    @Test
    void allowsAShareOfTheCalls() {
        RetryBudget budget = RetryBudget.of(.2, 0, time);

        for (int i = 0; i < 50; i++) {
            budget.called();
        }

        assertThat(take(budget)).isEqualTo(10);
    }

    @Test
    void alsoAllowsAMinimumEachSecond() {
        RetryBudget budget = RetryBudget.standard(time);
        assertThat(take(budget)).isEqualTo(10);

        time.advance(Duration.ofMillis(100));
        assertThat(take(budget)).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(take(budget)).isEqualTo(10);
    }

    @Test
    void keepsWhatIsNotUsedForTenSeconds() {
        RetryBudget budget = RetryBudget.standard(time);

        time.advance(Duration.ofHours(1));
        for (int i = 0; i < 10_000; i++) {
            budget.called();
        }

        assertThat(budget.available()).isEqualTo(100);
        assertThat(take(budget)).isEqualTo(100);
    }

    @Test
    void losesNothingWhenItIsReadOften() {
        RetryBudget budget = RetryBudget.standard(time);
        take(budget);

        for (int i = 0; i < 10_000; i++) {
            time.advance(Duration.ofNanos(150_000));
            budget.available();
        }

        assertThat(take(budget)).isEqualTo(15);
    }

    @Test
    void givesNoMoreToManyThreadsThanItHas() throws Exception {
        RetryBudget budget = RetryBudget.of(0, 10, time);

        List<Integer> taken = CircuitBreakerBehaviourTest.inParallel(16, () -> take(budget));

        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        AtomicLong clock = new AtomicLong(Duration.ofHours(2).toNanos());
        RetryBudget budget = RetryBudget.standard(clock::get);
        take(budget);

        clock.addAndGet(-Duration.ofHours(1).toNanos());
        assertThat(take(budget)).isZero();
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(take(budget)).isEqualTo(10);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> RetryBudget.of(-1, -1, time)).hasMessage("""
            retry_budget.ratio: -1.0; allowed is 0 to 10
            retry_budget.per_second: -1; allowed is 0 to 1000000\
            """);
    }
}
