package io.lynx.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight inFlight = new InFlight();

    private FutureTask<Boolean> await(Duration limit) {
        FutureTask<Boolean> wait = new FutureTask<>(() -> inFlight.awaitNone(Deadline.after(limit, Ticker.system())));
        Thread.ofPlatform().daemon().start(wait);
        return wait;
    }

    @Test
    void drainEndsWithTheLastRequest() throws Exception {
        inFlight.begin();
        FutureTask<Boolean> wait = await(Duration.ofMinutes(5));

        inFlight.end();

        assertThat(wait.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void drainDoesNotWaitForExcusedRequests() throws Exception {
        inFlight.begin();
        inFlight.begin();
        FutureTask<Boolean> wait = await(Duration.ofMinutes(5));

        inFlight.excuse(1);
        inFlight.end();

        assertThat(wait.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(inFlight.current()).isEqualTo(1);
        assertThat(await(Duration.ofMinutes(5)).get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void drainEndsAtItsDeadline() throws Exception {
        inFlight.begin();

        assertThat(await(Duration.ofMillis(1)).get(20, TimeUnit.SECONDS)).isFalse();
    }
}
