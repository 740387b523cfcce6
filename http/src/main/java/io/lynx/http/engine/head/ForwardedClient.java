package io.lynx.http.engine.head;

import io.lynx.transport.Head;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What proxies tell of a client by headers. Each proxy adds itself behind those before it, so the lists are read from their end: as
 * long as an address is that of a trusted proxy, what that proxy added before it is believed too. Immutable.
 *
 * @param address the address of the client, or of the last proxy that is known
 * @param scheme null if it is not told
 * @param host null if it is not told
 */
record ForwardedClient(
        InetSocketAddress address,
        @Nullable String scheme,
        @Nullable String host) {
    static final String FORWARDED = "forwarded";
    static final String FOR = "x-forwarded-for";
    static final String PROTO = "x-forwarded-proto";
    static final String HOST = "x-forwarded-host";

    /** Proxies that are followed; what is written further to the left is not read. */
    static final int MOST_HOPS = 32;

    /**
     * Reads {@code Forwarded}.
     *
     * @param proxy the trusted proxy that the request comes from
     * @param ignored receives the name of a header that is malformed
     * @return null if there is none, or nothing in it can be used
     */
    static @Nullable ForwardedClient byForwarded(
            Head head, InetSocketAddress proxy, TrustedProxies trusted, Consumer<String> ignored) {
        InetSocketAddress address = proxy;
        ForwardedElement told = null;
        boolean isOver = false;
        int hops = 0;
        List<String> lines = head.headers(FORWARDED);
        for (int i = lines.size() - 1; i >= 0 && !isOver; i--) {
            List<ForwardedElement> elements = ForwardedElement.parse(lines.get(i));
            if (elements == null) {
                ignored.accept(FORWARDED);
                break;
            }
            for (int j = elements.size() - 1; j >= 0 && !isOver; j--) {
                told = elements.get(j);
                InetSocketAddress next = node(told.client(), FORWARDED, ignored);
                address = next == null ? address : next;
                isOver = next == null || ++hops == MOST_HOPS || !trusted.contains(next);
            }
        }
        return told == null
                ? null
                : new ForwardedClient(
                        address, scheme(told.scheme(), FORWARDED, ignored), host(told.host(), FORWARDED, ignored));
    }

    /** Reads {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} in the same way. */
    static @Nullable ForwardedClient byXForwarded(
            Head head, InetSocketAddress proxy, TrustedProxies trusted, Consumer<String> ignored) {
        List<String> nodes = fromTheEnd(head.headers(FOR));
        List<String> schemes = fromTheEnd(head.headers(PROTO));
        List<String> hosts = fromTheEnd(head.headers(HOST));
        if (nodes.isEmpty() && schemes.isEmpty() && hosts.isEmpty()) {
            return null;
        }
        InetSocketAddress address = proxy;
        int hop = 0;
        for (int i = 0; i < nodes.size(); i++) {
            hop = i;
            InetSocketAddress next = node(nodes.get(i), FOR, ignored);
            address = next == null ? address : next;
            if (next == null || !trusted.contains(next)) {
                break;
            }
        }
        return new ForwardedClient(
                address, scheme(at(schemes, hop), PROTO, ignored), host(at(hosts, hop), HOST, ignored));
    }

    /** Returns the elements of all lines, the last one first, as many as are followed. */
    private static List<String> fromTheEnd(List<String> lines) {
        List<String> elements = new ArrayList<>(2);
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0 && elements.size() < MOST_HOPS) {
                int comma = line.lastIndexOf(',', end - 1);
                String element = line.substring(comma + 1, end).strip();
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                end = comma;
            }
        }
        return elements;
    }

    /** A proxy that sets its value in place of those before it leaves a shorter list. */
    private static @Nullable String at(List<String> values, int hop) {
        return values.isEmpty() ? null : values.get(Math.min(hop, values.size() - 1));
    }

    private static @Nullable InetSocketAddress node(String text, String header, Consumer<String> ignored) {
        InetSocketAddress node = ForwardedNode.parse(text);
        if (node == null && !text.isEmpty() && !ForwardedNode.isHidden(text)) {
            ignored.accept(header);
        }
        return node;
    }

    private static @Nullable String scheme(@Nullable String text, String header, Consumer<String> ignored) {
        if (text == null) {
            return null;
        }
        if (text.equalsIgnoreCase("https") || text.equalsIgnoreCase("wss")) {
            return "https";
        }
        if (text.equalsIgnoreCase("http") || text.equalsIgnoreCase("ws")) {
            return "http";
        }
        ignored.accept(header);
        return null;
    }

    private static @Nullable String host(@Nullable String text, String header, Consumer<String> ignored) {
        if (text == null || HostText.isValid(text)) {
            return text;
        }
        ignored.accept(header);
        return null;
    }

    /** Returns whether {@code other} does not contradict this. */
    boolean agreesWith(ForwardedClient other) {
        return address.getHostString().equals(other.address.getHostString())
                && (scheme == null || other.scheme == null || scheme.equals(other.scheme))
                && (host == null || other.host == null || host.equalsIgnoreCase(other.host));
    }

    /** Returns what this and {@code other}, which agrees, tell together. */
    ForwardedClient and(ForwardedClient other) {
        return new ForwardedClient(address, scheme == null ? other.scheme : scheme, host == null ? other.host : host);
    }
}
