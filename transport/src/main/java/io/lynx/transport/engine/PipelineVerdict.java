package io.lynx.transport.engine;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives whether the pipeline of one connection is supported: for {@link PipelineCheck}, or the log. Thread-safe. */
final class PipelineVerdict {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineVerdict.class);

    private final ListenerState state;
    private final @Nullable CompletableFuture<Boolean> check;

    PipelineVerdict(ListenerState state, @Nullable CompletableFuture<Boolean> check) {
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

    void supported() {
        if (check != null) {
            check.complete(true);
        }
    }

    void unsupported(IllegalStateException unsupported) {
        if (check != null) {
            check.completeExceptionally(unsupported);
        } else if (state.mayLogUnsupported()) {
            LOG.error("Connection refused; further ones are not logged within a minute", unsupported);
        }
    }
}
