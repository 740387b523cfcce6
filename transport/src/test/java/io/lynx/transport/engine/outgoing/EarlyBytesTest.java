package io.lynx.transport.engine.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Ticker;
import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server sends before the client has noticed that it is connected. */
class EarlyBytesTest {
    private static final int MOST_STREAMS = 7;

    private final List<String> events = new ArrayList<>();
    private final ConnectAttempt attempt = new ConnectAttempt(
            new ConnectorSpec(
                    "test",
                    "lynx.clients.test",
                    Optional.empty(),
                    ConnectorSpec.Version.HTTP_2,
                    1000,
                    1,
                    Optional.empty(),
                    Ticker.system()),
            new EmbeddedChannel().eventLoop(),
            new RecordingListener());

    private final EmbeddedChannel channel = new EmbeddedChannel(
            new OutgoingPipeline(attempt, null, "", 80, new DefaultChannelGroup(GlobalEventExecutor.INSTANCE)));

    private static ByteBuf settings() {
        return Unpooled.buffer()
                .writeMedium(6)
                .writeByte(4)
                .writeByte(0)
                .writeInt(0)
                .writeShort(3)
                .writeInt(MOST_STREAMS);
    }

    @Test
    void isReadOnceTheConnectionIsEstablished() {
        ByteBuf early = settings();
        boolean _ = channel.writeInbound(early.readRetainedSlice(4));
        boolean _ = channel.writeInbound(early);

        attempt.start(channel.newSucceededFuture());
        channel.runPendingTasks();

        assertThat(events).containsExactly("connected", "capacity " + MOST_STREAMS);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void isReleasedIfTheConnectionEndsBefore() {
        ByteBuf early = settings();
        boolean _ = channel.writeInbound(early);
        assertThat(early.refCnt()).isEqualTo(1);

        boolean _ = channel.finish();
        attempt.start(channel.newSucceededFuture());
        channel.runPendingTasks();

        assertThat(early.refCnt()).isZero();
        assertThat(events).containsExactly("failed: the server closed the connection");
    }

    private final class RecordingListener implements ConnectionListener {
        private final List<OutgoingConnection> connections = new ArrayList<>();

        @Override
        public void connected(OutgoingConnection connection) {
            connections.add(connection);
            events.add("connected");
        }

        @Override
        public void connectFailed(OutgoingException failure) {
            events.add("failed: " + failure.getMessage());
        }

        @Override
        public void capacityChanged() {
            events.add("capacity " + connections.getFirst().capacity());
        }

        @Override
        public void closed() {
            events.add("closed");
        }
    }
}
