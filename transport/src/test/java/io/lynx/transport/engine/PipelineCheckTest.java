package io.lynx.transport.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.StablePort;
import io.lynx.time.Ticker;
import io.lynx.transport.Head;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerObserver;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PipelineCheckTest {
    private static final class Nothing implements StreamHandler, ListenerObserver {
        @Override
        public boolean accepts(Head head) {
            return true;
        }

        @Override
        public void handle(Stream stream) {}

        @Override
        public void connectionRefused() {}

        @Override
        public Refusal headTimedOut(long nanos) {
            return new Refusal("text/plain", new byte[0]);
        }

        @Override
        public Refusal malformed(int status, String detail) {
            return new Refusal("text/plain", new byte[0]);
        }

        @Override
        public void proxyHeaderRefused() {}

        @Override
        public void handshakeTimedOut() {}
    }

    private static Listener listener(int port, Consumer<ChannelPipeline> onBuilt) {
        ListenerConfig config = new ListenerConfig(
                "test",
                "lynx.test",
                "127.0.0.1",
                port,
                Optional.empty(),
                1,
                10,
                10,
                false,
                16 * 1024,
                8 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                List.of(),
                false,
                Duration.ofSeconds(1));
        Nothing protocol = new Nothing();
        return new VertxEngine(onBuilt)
                .listener(new ListenerSpec(
                        config,
                        protocol,
                        protocol,
                        _ -> false,
                        Ticker.system(),
                        null,
                        InstantSource.system(),
                        _ -> "test"));
    }

    /** What another version of the library could do: the same names, other handlers. */
    private static void replaceDecoder(ChannelPipeline pipeline) {
        ChannelHandler _ = pipeline.replace("httpDecoder", "httpDecoder", new ChannelInboundHandlerAdapter());
    }

    @Test
    void aListenerOpensWhenTheHandlersAreWhereTheyAreReached() throws Exception {
        Listener listener = listener(0, _ -> {});

        listener.open();

        assertThat(listener.port()).isPositive();
        assertThat(listener.acceptedConnections()).isZero();
        listener.close();
    }

    @Test
    void aListenerDoesNotOpenWhenAHandlerIsNotWhereItIsReached() throws Exception {
        int port = StablePort.find();
        Listener listener = listener(port, PipelineCheckTest::replaceDecoder);

        assertThatThrownBy(listener::open)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("transport: the library's pipeline has no HttpRequestDecoder")
                .hasMessageContaining("httpDecoder")
                .hasMessageEndingWith("this version of Vert.x or Netty is not supported");

        Listener next = listener(port, _ -> {});
        next.open();
        assertThat(next.port()).isEqualTo(port);
        next.close();
    }
}
