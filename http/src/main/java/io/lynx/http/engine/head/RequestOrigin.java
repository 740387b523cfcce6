package io.lynx.http.engine.head;

import io.lynx.http.ForwardedStyle;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.lynx.transport.ProxyHeader;
import io.lynx.transport.Stream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, as far as trusted proxies tell. Immutable.
 *
 * @param client the address of the client
 * @param scheme {@code http} or {@code https}
 * @param host the host that the client addressed; null if it is not told
 * @param isForwarded whether a trusted proxy tells that it forwards the request
 */
public record RequestOrigin(
        InetSocketAddress client, String scheme, @Nullable String host, boolean isForwarded) {
    private static final String PORT = "x-forwarded-port";

    /** Reads what the proxies of the request of {@code stream} tell. */
    public static RequestOrigin of(
            Stream stream, TrustedProxies trusted, ForwardedStyle style, Consumer<String> ignored) {
        Head head = stream.head();
        ProxyHeader header = stream.proxyHeader();
        InetSocketAddress client = header == null ? null : header.client();
        InetSocketAddress hop = client == null ? stream.peer() : client;
        boolean isSecure = head.isSecure() || (header != null && header.isSecure());
        RequestOrigin seen = new RequestOrigin(hop, isSecure ? "https" : "http", authority(head), header != null);
        // A client that the PROXY protocol leaves unknown may have written the headers itself.
        boolean isHopKnown = header == null || client != null;
        return isHopKnown && trusted.contains(hop) ? seen.by(head, trusted, style, ignored) : seen;
    }

    /**
     * The host that a head names, with its port if it has one; null if it names none. The header {@code Host} does not count if the target
     * is absolute (RFC 9112, 3.2.2) or HTTP/2 has its own field.
     */
    public static @Nullable String authority(Head head) {
        String authority = head.protocol() == Protocol.HTTP_2 ? head.authority() : Target.authority(head.target());
        return authority == null ? head.header("host") : authority;
    }

    private RequestOrigin by(Head head, TrustedProxies trusted, ForwardedStyle style, Consumer<String> ignored) {
        ForwardedClient told = style == ForwardedStyle.X_FORWARDED
                ? null
                : ForwardedClient.byForwarded(head, client, trusted, ignored);
        ForwardedClient toldByX =
                style == ForwardedStyle.FORWARDED ? null : ForwardedClient.byXForwarded(head, client, trusted, ignored);
        if (told == null && toldByX == null) {
            return this;
        }
        if (told != null && toldByX != null && !told.agreesWith(toldByX)) {
            // One of the two comes from the client, whose proxy sets the other one only.
            ignored.accept(ForwardedClient.FORWARDED);
            return new RequestOrigin(client, scheme, host, true);
        }
        ForwardedClient both = told == null ? toldByX : toldByX == null ? told : told.and(toldByX);
        return from(both, toldByX == null ? -1 : port(head, ignored));
    }

    private RequestOrigin from(@Nullable ForwardedClient told, int port) {
        if (told == null) {
            return this;
        }
        String itsScheme = told.scheme() == null ? scheme : told.scheme();
        String itsHost = told.host() == null ? host : told.host();
        if (port > 0 && itsHost != null && HostText.isValid(itsHost)) {
            itsHost = HostText.withPort(itsHost, port, itsScheme);
        }
        return new RequestOrigin(told.address(), itsScheme, itsHost, true);
    }

    private static int port(Head head, Consumer<String> ignored) {
        List<String> lines = head.headers(PORT);
        if (lines.isEmpty()) {
            return -1;
        }
        String last = lines.getLast();
        int port = ForwardedNode.port(last.substring(last.lastIndexOf(',') + 1).strip());
        if (port <= 0) {
            ignored.accept(PORT);
        }
        return port;
    }
}
