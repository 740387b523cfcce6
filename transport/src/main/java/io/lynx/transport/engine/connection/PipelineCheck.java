package io.lynx.transport.engine.connection;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has the library build one pipeline when a listener opens, and looks for the handlers that this package reaches into. They are
 * found by Netty's public types; a version of the library in which they are missing would serve connections, but neither check
 * nor drain them. Behind TLS, the codec is looked for when the first handshake is done. Used once.
 */
public final class PipelineCheck {
    private static final byte[] BEGINNING_OF_A_REQUEST = {'G'};

    private final ListenChannel socket;
    private final boolean isTls;

    public PipelineCheck(ListenChannel socket, boolean isTls) {
        this.socket = socket;
        this.isTls = isTls;
    }

    /**
     * Returns if the handlers are there.
     *
     * @throws IOException if one is not where it is expected
     */
    public void run(long timeoutMillis) throws IOException, InterruptedException {
        CompletableFuture<Boolean> checked = new CompletableFuture<>();
        // On a virtual thread, the first socket starts a thread of the JDK that makes the exit of the JVM take 300 ms
        // longer.
        Thread client = Thread.ofPlatform().name("lynx-pipeline-check").daemon().start(() -> connect(checked));
        try {
            boolean _ = checked.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "transport: the event loops did not build a pipeline within " + timeoutMillis + " ms", e);
        } finally {
            client.interrupt();
        }
    }

    /** Opens a connection and keeps it until it is checked; an interrupt closes it. */
    private void connect(CompletableFuture<Boolean> checked) {
        try (ServerSocketChannel door = ServerSocketChannel.open()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(door.getLocalAddress())) {
                // Its end follows that of the client.
                socket.check(door.accept(), checked);
                if (!isTls) {
                    int _ = client.write(ByteBuffer.wrap(BEGINNING_OF_A_REQUEST));
                }
                boolean _ = checked.get();
            }
        } catch (ExecutionException _) {
            // The thread that opens the listener gets the failure as well.
        } catch (InterruptedException | IOException | RuntimeException | Error failure) {
            boolean _ = checked.completeExceptionally(failure);
        }
    }

    /** Returns what is said of a pipeline without a handler that is reached into. */
    static IllegalStateException unsupported(ChannelPipeline pipeline) {
        return new IllegalStateException("transport: the library's pipeline has no "
                + HttpRequestDecoder.class.getSimpleName() + " or no " + SslHandler.class.getSimpleName()
                + " where it is expected: " + pipeline.names() + "; this version of Vert.x or Netty is not supported");
    }
}
