package io.lynx.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final ManualTime time = new ManualTime();
    private final AtomicBoolean isOver = new AtomicBoolean();

    private Deadline in(int seconds) {
        return Deadline.after(Duration.ofSeconds(seconds), time);
    }

    @Test
    void passesEarlyWithWhatIsDerivedFromIt() {
        Deadline deadline = in(5).orWhen(isOver::get);
        Deadline shorter = deadline.atMost(Duration.ofSeconds(3));
        Deadline longer = deadline.atMost(Duration.ofSeconds(9));
        Deadline before = deadline.minus(Duration.ofSeconds(1));
        Deadline earlier = in(2).earliest(deadline);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(5));
        assertThat(shorter.remaining()).isEqualTo(Duration.ofSeconds(3));
        assertThat(longer.remaining()).isEqualTo(Duration.ofSeconds(5));
        assertThat(before.remaining()).isEqualTo(Duration.ofSeconds(4));
        assertThat(earlier.remaining()).isEqualTo(Duration.ofSeconds(2));
        isOver.set(true);

        for (Deadline each : new Deadline[] {deadline, shorter, longer, before, earlier}) {
            assertThat(each.isExpired()).isTrue();
            assertThat(each.remaining()).isZero();
            assertThat(each.remainingNanos()).isZero();
            assertThat(each).hasToString("passed");
        }
    }

    @Test
    void passesEarlyForEachOfItsReasons() {
        AtomicBoolean other = new AtomicBoolean();
        Deadline both = in(5).orWhen(isOver::get).earliest(in(4).orWhen(other::get));
        Deadline again = in(5).orWhen(isOver::get).orWhen(other::get);

        assertThat(both.isExpired()).isFalse();
        other.set(true);
        assertThat(both.isExpired()).isTrue();
        assertThat(again.isExpired()).isTrue();
    }

    @Test
    void passesInTimeAlone() {
        Deadline deadline = in(5).orWhen(isOver::get);

        time.advance(Duration.ofSeconds(5));

        assertThat(deadline.isExpired()).isTrue();
    }
}
