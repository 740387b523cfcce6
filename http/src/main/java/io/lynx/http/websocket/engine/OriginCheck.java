package io.lynx.http.websocket.engine;

import io.lynx.http.CorsConfig;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides which pages may open a WebSocket. A browser lets every page open one, sends the visitor's cookies along, and lets the page
 * read what comes; so the server has to refuse pages of other origins (RFC 6455, 10.2). Clients that are no browsers send no origin.
 * Stateless.
 */
final class OriginCheck {
    private static final String HTTPS = "https";

    private OriginCheck() {}

    /**
     * Requires that the page is of the server's own origin, or allowed by the rules for other origins.
     *
     * @throws HttpException (403) if it is not
     */
    static void require(Request request, @Nullable CorsConfig rules) {
        List<String> origins = request.headers("origin");
        if (origins.isEmpty()) {
            return;
        }
        String origin = origins.getFirst();
        if (origins.size() == 1 && isOwn(origin, request)) {
            return;
        }
        if (origins.size() != 1 || rules == null || !isListed(origin, rules.allowedOrigins())) {
            throw new HttpException(403, "WebSockets of pages of this origin are not allowed");
        }
        boolean hasCredentials = request.header("cookie").isPresent()
                || request.header("authorization").isPresent()
                || !request.clientCertificates().isEmpty();
        if (hasCredentials && !rules.credentialsAllowed()) {
            throw new HttpException(403, "WebSockets of pages of this origin are not allowed with credentials");
        }
    }

    private static boolean isListed(String origin, List<String> allowed) {
        return allowed.contains(origin) || allowed.contains(CorsConfig.ANY);
    }

    /**
     * Whether a page comes from the host of the request. A page of https may be one of a request by http, since what ends TLS in front
     * of the server may not tell.
     */
    private static boolean isOwn(String origin, Request request) {
        int colon = origin.indexOf("://");
        String host = request.host().orElse("");
        if (colon < 0 || host.isEmpty()) {
            return false;
        }
        String scheme = origin.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean isFitting = scheme.equals(HTTPS)
                || (scheme.equals("http") && !request.scheme().equals(HTTPS));
        return isFitting
                && withoutPort(origin.substring(colon + 3), scheme).equalsIgnoreCase(withoutPort(host, scheme));
    }

    /** Removes the usual port of a scheme. */
    private static String withoutPort(String authority, String scheme) {
        String port = scheme.equals(HTTPS) ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }
}
