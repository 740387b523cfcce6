package io.lynx.transport.engine.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2PingFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A connection that is silent is checked by a PING while it carries calls, and closed if that has no answer. */
class KeepAliveTest {
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final ManualTime time = new ManualTime();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicBoolean isCarrying = new AtomicBoolean(true);
    private final KeepAlive keepAlive;

    KeepAliveTest() {
        channel.freezeTime();
        keepAlive = new KeepAlive(channel, SILENCE, time, isCarrying::get);
    }

    private void advance(Duration duration) {
        time.advance(duration);
        channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
    }

    @Test
    void aSilentConnectionIsCheckedAndClosed() {
        advance(SILENCE.minusSeconds(1));
        assertThat(channel.<Object>readOutbound()).isNull();

        advance(Duration.ofSeconds(1));
        assertThat(channel.<Object>readOutbound()).isInstanceOf(Http2PingFrame.class);
        assertThat(channel.isActive()).isTrue();

        advance(Duration.ofSeconds(20));
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void anAnswerKeepsIt() {
        advance(SILENCE);
        assertThat(channel.<Object>readOutbound()).isInstanceOf(Http2PingFrame.class);
        keepAlive.heard();

        advance(Duration.ofSeconds(20));
        assertThat(channel.isActive()).isTrue();

        advance(SILENCE);
        assertThat(channel.<Object>readOutbound()).isInstanceOf(Http2PingFrame.class);
    }

    @Test
    void withoutCallsNothingIsSent() {
        isCarrying.set(false);
        advance(SILENCE.multipliedBy(3));

        assertThat(channel.<Object>readOutbound()).isNull();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void aConnectionThatIsClosedIsNotChecked() {
        keepAlive.stop();
        advance(SILENCE.multipliedBy(2));

        assertThat(channel.<Object>readOutbound()).isNull();
    }
}
