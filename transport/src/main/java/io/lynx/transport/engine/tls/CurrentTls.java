package io.lynx.transport.engine.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * The TLS of a listener, as the library's servers use it: each new connection takes what is current then, and those that are open keep
 * theirs. With each change the sessions that could be resumed end, so clients show a certificate that is accepted now. Thread-safe.
 */
public final class CurrentTls extends SslContext {
    private volatile ServerTls current;

    CurrentTls(ServerTls first) {
        this.current = first;
    }

    ServerTls get() {
        return current;
    }

    void set(ServerTls next) {
        current = next;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return current.context().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Its type is, but the library still asks for it.
    public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.context().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return current.context().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return current.context().newEngine(allocator, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.context().sessionContext();
    }

    /** What the library is to use in the place of a context that it makes of files. */
    SSLEngineOptions options() {
        return new Options(this);
    }

    private static final class Options extends SSLEngineOptions {
        private final CurrentTls tls;

        Options(CurrentTls tls) {
            this.tls = tls;
        }

        @Override
        public SSLEngineOptions copy() {
            return new Options(tls);
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return () -> tls;
        }
    }
}
