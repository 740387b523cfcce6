package io.lynx.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LongLivedTest {
    private final InFlight inFlight = new InFlight();
    private final LongLived streams = inFlight.longLived();

    @Test
    void isCountedSeparately() {
        assertThat(streams.begin(2)).isTrue();

        assertThat(streams.current()).isOne();
        assertThat(inFlight.current()).isZero();
    }

    @Test
    void hasALimit() {
        assertThat(streams.begin(1)).isTrue();
        assertThat(streams.begin(1)).isFalse();
        assertThat(streams.current()).isOne();
        assertThat(streams.rejections()).isOne();

        streams.end();

        assertThat(streams.begin(1)).isTrue();
    }

    @Test
    void endedDoesNotCountAsFailed() {
        assertThat(streams.begin(1)).isTrue();

        streams.recordEnded();
        streams.end();

        assertThat(streams.ended()).isOne();
        assertThat(streams.current()).isZero();
        assertThat(inFlight.failed()).isZero();
    }

    @Test
    void isAwaited() throws Exception {
        assertThat(streams.begin(1)).isTrue();
        assertThat(streams.awaitNone(Deadline.after(Duration.ZERO, Ticker.system())))
                .isFalse();

        Thread ender = Thread.ofPlatform().start(streams::end);

        assertThat(streams.awaitNone(Deadline.after(Duration.ofSeconds(20), Ticker.system())))
                .isTrue();
        ender.join();
    }
}
