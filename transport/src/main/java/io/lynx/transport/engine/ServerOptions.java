package io.lynx.transport.engine;

import io.lynx.transport.ListenerConfig;
import io.lynx.transport.engine.connection.Connection;
import io.lynx.transport.engine.tls.CurrentTls;
import io.lynx.transport.engine.tls.TlsOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The library's options for a listener. Stateless. */
final class ServerOptions {
    private static final int BACKLOG = 1024;

    private ServerOptions() {}

    /**
     * Returns the options of a server.
     *
     * @param tls null for clear text
     */
    static HttpServerOptions of(ListenerConfig config, @Nullable CurrentTls tls) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(config.maxLineLength())
                .setMaxHeaderSize(config.maxHeaderSize())
                .setAcceptBacklog(BACKLOG)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setSslHandshakeTimeout(config.headerTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.getInitialSettings()
                .setMaxHeaderListSize(config.maxHeaderSize())
                .setMaxConcurrentStreams(Connection.MAX_STREAMS);
        if (tls != null) {
            TlsOptions.configure(options, tls, config.tls().orElseThrow());
        }
        return options;
    }
}
