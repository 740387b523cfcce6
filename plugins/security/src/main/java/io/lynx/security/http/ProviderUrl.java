package io.lynx.security.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A URL of a provider, in the parts that a client needs. Immutable.
 *
 * @param origin scheme, host and port
 * @param path with its encoding as written; begins with a slash
 * @param query names and values in turn, decoded
 */
record ProviderUrl(String origin, String path, List<String> query) {
    ProviderUrl {
        query = List.copyOf(query);
    }

    /**
     * Checks and splits a URL.
     *
     * @throws IllegalArgumentException if it is malformed, or reaches another host without TLS although that is not allowed
     */
    static ProviderUrl require(String key, String text, boolean allowHttp) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            // Its message quotes the text, which may hold a password.
            throw new IllegalArgumentException(key + ": malformed at " + malformed.getIndex() + "; an https URL");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    key + ": not an address; https://host:port/path, without user and fragment");
        }
        boolean isPlainAllowed = allowHttp || isLoopback(url.getHost());
        if (!scheme.equals("https") && !(scheme.equals("http") && isPlainAllowed)) {
            throw new IllegalArgumentException(
                    key + ": '" + scheme + "' to another host; https, or allow_http: true if the"
                            + " network between is trusted, since whoever can change the answer can log in as anyone");
        }
        String origin = scheme + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new ProviderUrl(origin, path, query(url.getQuery()));
    }

    private static List<String> query(@org.jspecify.annotations.Nullable String text) {
        List<String> query = new ArrayList<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&", -1)) {
                int at = pair.indexOf('=');
                query.add(at < 0 ? pair : pair.substring(0, at));
                query.add(at < 0 ? "" : pair.substring(at + 1));
            }
        }
        return query;
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
