package io.lynx.transport.engine.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnWritesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final TurnWrites turn =
            TurnWrites.addBehind(channel.pipeline().context(ChannelInboundHandlerAdapter.class));

    @AfterEach
    void close() {
        boolean _ = channel.finishAndReleaseAll();
    }

    @Test
    void joinsWhatIsWrittenInOneTurn() {
        ChannelFuture first = write("head ");
        channel.pipeline().flush();
        ChannelFuture second = write("body");
        channel.pipeline().flush();
        assertThat(sent()).isEmpty();

        channel.runPendingTasks();

        assertThat(sent()).containsExactly("head body");
        assertThat(first.isSuccess()).isTrue();
        assertThat(second.isSuccess()).isTrue();
    }

    @Test
    void sendsWhatIsNotFlushedBeforeSomethingPassesIt() {
        ChannelFuture written = write("a");

        turn.sendNow();

        assertThat(sent()).containsExactly("a");
        assertThat(written.isSuccess()).isTrue();
    }

    @Test
    void flushesEachTurn() {
        ChannelFuture _ = write("a");
        channel.pipeline().flush();
        channel.runPendingTasks();
        ChannelFuture _ = write("b");
        channel.pipeline().flush();
        channel.runPendingTasks();

        assertThat(sent()).containsExactly("a", "b");
    }

    @Test
    void keepsTheOrderAroundALargeBuffer() {
        String large = "x".repeat(2_000);
        ChannelFuture _ = write("before");
        ChannelFuture _ = write(large);
        ChannelFuture _ = write("after");
        channel.pipeline().flush();
        channel.runPendingTasks();

        assertThat(sent()).containsExactly("before", large, "after");
    }

    @Test
    void startsAnotherBufferWhenOneIsFull() {
        String piece = "y".repeat(500);
        for (int i = 0; i < 100; i++) {
            ChannelFuture _ = write(piece);
        }
        channel.pipeline().flush();
        channel.runPendingTasks();

        List<String> sent = sent();
        assertThat(sent).hasSizeBetween(2, 10);
        assertThat(String.join("", sent)).isEqualTo(piece.repeat(100));
    }

    @Test
    void sendsAtOnceWhatIsToGoBeforeOthers() {
        ChannelFuture _ = write("goaway");
        channel.pipeline().flush();
        turn.sendNow();

        assertThat(sent()).containsExactly("goaway");
    }

    @Test
    void sendsWhatWasFlushedBeforeItCloses() {
        ChannelFuture _ = write("last");
        channel.pipeline().flush();
        channel.close().syncUninterruptibly();

        assertThat(sent()).containsExactly("last");
    }

    @Test
    void sendsAtOnceWhenMuchWaits() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1_000));
        String large = "z".repeat(2_000);
        ChannelFuture _ = write(large);
        channel.pipeline().flush();

        assertThat(sent()).containsExactly(large);
    }

    @Test
    void failsWhatWaitsWhenTheConnectionHasClosed() {
        ByteBuf bytes = Unpooled.copiedBuffer("late", StandardCharsets.US_ASCII);
        ChannelPromise promise = channel.newPromise();
        channel.pipeline().write(bytes, promise);
        channel.close().syncUninterruptibly();

        assertThat(promise.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(bytes.refCnt()).isZero();
        assertThat(sent()).isEmpty();
    }

    private ChannelFuture write(String text) {
        return channel.pipeline().write(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** What has been sent since the last call, buffer by buffer. */
    private List<String> sent() {
        List<String> all = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.add(next.toString(StandardCharsets.US_ASCII));
            boolean _ = next.release();
        }
        return all;
    }
}
