package io.lynx.admin;

import io.lynx.http.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The facts about the sender of a request that access depends on. Immutable.
 *
 * @param peer the address of the connection's other end
 * @param local the address of this end
 * @param protocol such as {@code HTTP/1.1}
 * @param host the host that the request names, with its port if it has one; null if it names none
 * @param authorization the {@code Authorization} header; null if there is none
 * @param origin the {@code Origin} header: the site whose page makes the request; null if there is none
 * @param fetchSite the {@code Sec-Fetch-Site} header; null if there is none
 * @param isForwarded whether a header or the PROXY protocol shows that a proxy forwarded the request
 */
record CallerFacts(
        InetSocketAddress peer,
        InetSocketAddress local,
        String protocol,
        @Nullable String host,
        @Nullable String authorization,
        @Nullable String origin,
        @Nullable String fetchSite,
        boolean isForwarded) {
    /** The headers that proxies add. A request with any of them is not a local one. */
    static final List<String> FORWARDING = List.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-scheme",
            "x-forwarded-server",
            "x-forwarded-client-cert",
            "x-forwarded",
            "x-original-forwarded-for",
            "x-original-host",
            "x-original-uri",
            "x-original-url",
            "x-envoy-external-address",
            "x-envoy-original-path",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-ipcountry",
            "cf-ray",
            "cf-visitor",
            "fastly-client-ip",
            "via");

    static CallerFacts of(Request request) {
        return of(
                resolved(request.peerAddress()),
                resolved(request.localAddress()),
                request.protocol(),
                request.authority().orElse(null),
                request::headers,
                request.isForwarded());
    }

    /**
     * Reads the headers of a request.
     *
     * @param headers returns every value of a header by its name in lower case
     * @param isProxied whether a trusted proxy forwards the request, which the PROXY protocol tells without any header
     */
    static CallerFacts of(
            InetSocketAddress peer,
            InetSocketAddress local,
            String protocol,
            @Nullable String host,
            Function<String, List<String>> headers,
            boolean isProxied) {
        boolean isForwarded = isProxied
                || FORWARDING.stream().anyMatch(name -> !headers.apply(name).isEmpty());
        return new CallerFacts(
                peer,
                local,
                protocol,
                host,
                only(headers.apply("authorization")),
                only(headers.apply("origin")),
                only(headers.apply("sec-fetch-site")),
                isForwarded);
    }

    /** Returns the address that a literal denotes; unresolved if it is not a literal. */
    private static InetSocketAddress resolved(InetSocketAddress literal) {
        String host = literal.getHostString();
        int zone = host.indexOf('%');
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(zone < 0 ? host : host.substring(0, zone)), literal.getPort());
        } catch (IllegalArgumentException notALiteral) {
            return literal;
        }
    }

    /** Returns the only value; for several values, a text that is never accepted. */
    private static @Nullable String only(List<String> values) {
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.getFirst();
            default -> "several";
        };
    }
}
