package io.lynx.transport.engine.framing;

import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.Protocol;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The head of a request of the library. It is a part of the stream, not an object of its own, to save an allocation. */
public abstract class RequestHead implements Head {
    public final HttpServerRequest source;
    private final @Nullable HeadDefect defect;
    private final Protocol protocol;

    public RequestHead(HttpServerRequest source, @Nullable HeadDefect defect) {
        this.source = source;
        this.defect = defect;
        this.protocol = protocol(source.version());
    }

    private static Protocol protocol(@Nullable HttpVersion version) {
        // Not a switch: one over an enum that may be null is linked at run time, with the first request.
        if (version == HttpVersion.HTTP_2) {
            return Protocol.HTTP_2;
        }
        return version == HttpVersion.HTTP_1_0 ? Protocol.HTTP_1_0 : Protocol.HTTP_1_1;
    }

    @Override
    public final String method() {
        return source.method().name();
    }

    @Override
    public final String target() {
        String uri = source.uri();
        return uri == null ? "" : uri;
    }

    @Override
    public final Protocol protocol() {
        return protocol;
    }

    protected final boolean isHttp2() {
        return protocol == Protocol.HTTP_2;
    }

    @Override
    public final @Nullable String header(String name) {
        return source.headers().get(name);
    }

    @Override
    public final List<String> headers(String name) {
        return source.headers().getAll(name);
    }

    @Override
    public final boolean hasHeader(String name) {
        return source.headers().contains(name);
    }

    @Override
    public final void forEachHeader(BiConsumer<String, String> consumer) {
        for (Map.Entry<String, String> header : source.headers()) {
            consumer.accept(header.getKey(), header.getValue());
        }
    }

    @Override
    public final @Nullable String authority() {
        HostAndPort authority = isHttp2() ? source.authority() : null;
        return authority == null ? null : authority.toString();
    }

    @Override
    public final boolean isSecure() {
        return source.isSSL();
    }

    /** The address that the client connects from. */
    public final InetSocketAddress peer() {
        return literal(source.remoteAddress());
    }

    /** The address of this end of the connection. */
    public final InetSocketAddress local() {
        return literal(source.localAddress());
    }

    /** The certificate of the client, followed by its chain; empty if the client has not shown one. */
    public final List<X509Certificate> clientCertificates() {
        SSLSession session = source.isSSL() ? source.sslSession() : null;
        if (session == null) {
            return List.of();
        }
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException noneShown) {
            return List.of();
        }
    }

    /** Returns the address, which is a literal and therefore resolved; an unresolved one if the connection has none any more. */
    private static InetSocketAddress literal(@Nullable SocketAddress address) {
        String host = address == null ? null : address.hostAddress();
        int port = address == null ? 0 : Math.max(0, address.port());
        try {
            return host == null
                    ? InetSocketAddress.createUnresolved("", port)
                    : new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException unknownZone) {
            return InetSocketAddress.createUnresolved(host, port);
        }
    }

    @Override
    public final boolean offersUpgrade(String name) {
        return protocol == Protocol.HTTP_1_1 && isListed("connection", "upgrade") && isListed("upgrade", name);
    }

    private boolean isListed(String header, String element) {
        return headers(header).stream().anyMatch(value -> Syntax.hasElement(value, element));
    }

    @Override
    public final @Nullable HeadDefect defect() {
        return defect;
    }

    /** Returns whether the head announces a body; with HTTP/2 whether it does not exclude one. */
    protected final boolean announcesBody() {
        String length = source.headers().get("content-length");
        if (isHttp2()) {
            return !"0".equals(length);
        }
        return (length != null && !length.equals("0")) || source.headers().contains("transfer-encoding");
    }

    /** For the name of the request in messages. */
    @Override
    public final String toString() {
        return (source.method() == null ? HttpMethod.GET : source.method()) + " " + target();
    }
}
