package io.lynx.admin;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as far as the decision to answer needs it.
 *
 * @param peer the address of the connection's other end, as a literal
 * @param host the host that the request names, with its port if it has one; null if it names none
 * @param authorization the {@code Authorization} header; null if there is none
 * @param origin the {@code Origin} header: the site whose page makes the request; null if no page does
 * @param fetchSite the {@code Sec-Fetch-Site} header; null if there is none
 * @param isForwarded whether a proxy says that it passes on somebody else's request
 */
record Caller(
        String peer,
        @Nullable String host,
        @Nullable String authorization,
        @Nullable String origin,
        @Nullable String fetchSite,
        boolean isForwarded) {
    /** What proxies add. A proxy on this machine makes the whole world look like loopback; these give it away. */
    private static final List<String> FORWARDING = List.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-forwarded-server",
            "x-forwarded",
            "x-original-forwarded-for",
            "x-original-host",
            "x-envoy-external-address",
            "x-envoy-original-path",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "via");

    /**
     * Reads a request's headers.
     *
     * @param headers every value of a header by its name in lower case
     */
    static Caller of(String peer, @Nullable String host, Function<String, List<String>> headers) {
        boolean isForwarded = false;
        for (String name : FORWARDING) {
            isForwarded |= !headers.apply(name).isEmpty();
        }
        return new Caller(
                peer,
                host,
                only(headers.apply("authorization")),
                only(headers.apply("origin")),
                only(headers.apply("sec-fetch-site")),
                isForwarded);
    }

    /** The one value; something that nothing allows if there are several. */
    private static @Nullable String only(List<String> values) {
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.getFirst();
            default -> "several";
        };
    }
}
