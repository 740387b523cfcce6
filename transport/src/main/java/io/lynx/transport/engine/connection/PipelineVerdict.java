package io.lynx.transport.engine.connection;

import io.lynx.transport.LogThread;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives whether the pipeline of one connection is supported, on behalf of {@link PipelineCheck} or the log; closes the
 * connection if it is not, since it could not be drained. Belongs to the event loop.
 */
final class PipelineVerdict {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineVerdict.class);

    private final Connection connection;
    private final ListenerState state;
    private final @Nullable CompletableFuture<Boolean> check;

    PipelineVerdict(Connection connection, ListenerState state, @Nullable CompletableFuture<Boolean> check) {
        this.connection = connection;
        this.state = state;
        this.check = check;
    }

    /** The pipeline of {@code channel} has its TLS, which is all that there is before the handshake. */
    void onTls(Channel channel) {
        if (check != null) {
            try {
                state.built(channel.pipeline());
                Http1Messages.requireTls(channel);
                supported();
            } catch (IllegalStateException unsupported) {
                unsupported(unsupported);
            }
        }
    }

    /** The pipeline is supported. */
    void supported() {
        if (check != null) {
            check.complete(true);
        }
    }

    /** The pipeline is not supported. */
    void unsupported(IllegalStateException unsupported) {
        if (check != null) {
            check.completeExceptionally(unsupported);
        } else if (state.logs().acquire("unsupported pipeline") >= 0) {
            LogThread.write(
                    () -> LOG.error("Connection refused; further ones are not logged within a minute", unsupported));
        }
        connection.closeNow();
    }
}
