package io.lynx.transport.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import io.lynx.transport.Listener;
import io.lynx.transport.ProtocolServer;
import io.lynx.transport.Stream;
import io.netty.channel.ChannelPipeline;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The report of requests whose client has just closed its connection. */
class ClosedConnectionRequestsTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Blocks the event loop between the end of a socket and that of its streams. */
    private void built(ChannelPipeline pipeline) {
        pipeline.channel()
                .closeFuture()
                .addListener(_ -> pipeline.channel().eventLoop().execute(() -> {
                    if (started.getCount() == 0) {
                        closed.countDown();
                        await(released);
                    }
                }));
    }

    private void serve(Stream stream) {
        stream.dispatch(() -> {
            started.countDown();
            await(finished);
            stream.workDone();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            boolean _ = latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theyAreReportedAllTheTime() throws Exception {
        Listener listener = new VertxEngine(this::built)
                .listener(ProtocolServer.spec(ProtocolServer.config(10, null), ProtocolServer.handler(this::serve)));
        listener.open();
        try {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                client.setSoLinger(true, 0);
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(listener.requests(10)).hasSize(1);
            }
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(listener.requests(10)).hasSize(1);
            released.countDown();

            Await.until("the connection has ended", () -> listener.openConnections() == 0);
            assertThat(listener.requests(10)).hasSize(1);
            finished.countDown();
            Await.until("the work has ended", () -> listener.requests(10).isEmpty());
        } finally {
            released.countDown();
            finished.countDown();
            listener.close();
        }
    }
}
