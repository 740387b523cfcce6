package io.lynx.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.engine.head.HeaderText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Which pages of other origins may use a server or a group of routes (cross-origin resource sharing). The section
 * {@code lynx.http.cors} applies to a whole server; {@link StandardInterceptors#cors} applies a configuration to a group or a route.
 * Immutable; each {@code with} method returns a changed copy.
 *
 * @param allowedOrigins the origins, such as {@code https://shop.example}, or {@code *} for all
 * @param allowedMethods the methods that their pages may use
 * @param allowedHeaders the headers that their pages may send, or {@code *} for all
 * @param exposedHeaders the headers of answers that their pages may read, besides those that every page may
 * @param credentialsAllowed whether their requests may carry cookies and other credentials
 * @param maxAge how long a browser may keep the answer to a preflight request
 */
public record CorsConfig(
        @Doc("Origins whose pages may use the server, such as https://shop.example; * for all")
        List<String> allowedOrigins,

        @Doc("Methods that these pages may use") @Default("[GET, HEAD, POST, PUT, PATCH, DELETE]")
        List<String> allowedMethods,

        @Doc("Headers that these pages may send; * for all") @Default("[Authorization, Content-Type]")
        List<String> allowedHeaders,

        @Doc("Headers of answers that these pages may read") @Default("[]")
        List<String> exposedHeaders,

        @Doc("Whether requests of these pages may carry cookies and other credentials; not with all origins")
        @Default("false")
        boolean credentialsAllowed,

        @Doc("How long a browser may keep the answer to a preflight request")
        @Default("10m")
        @Range(min = "0s", max = "1d")
        Duration maxAge) {
    /** Stands for all origins or all headers. */
    public static final String ANY = "*";

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final List<String> HEADERS = List.of("Authorization", "Content-Type");

    /**
     * A configuration with these components.
     *
     * @throws IllegalArgumentException if an origin, a method or a header is malformed, or if all origins are allowed with credentials
     */
    public CorsConfig {
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedMethods = List.copyOf(allowedMethods);
        allowedHeaders = List.copyOf(allowedHeaders);
        exposedHeaders = List.copyOf(exposedHeaders);
        if (allowedOrigins.isEmpty()) {
            throw new IllegalArgumentException("allowed_origins: none; name origins such as https://shop.example");
        }
        allowedOrigins.forEach(CorsConfig::requireOrigin);
        if (credentialsAllowed && allowedOrigins.contains(ANY)) {
            throw new IllegalArgumentException(
                    "allowed_origins: '*' with credentials_allowed: true, so that every page could act for its visitor; name the origins");
        }
        allowedMethods.forEach(method -> requireToken("allowed_methods", method));
        allowedHeaders.forEach(header -> requireToken("allowed_headers", header));
        exposedHeaders.forEach(header -> requireToken("exposed_headers", header));
    }

    /**
     * Returns a configuration in which these origins may use the usual methods, with the headers {@code Authorization} and
     * {@code Content-Type}, and without credentials.
     *
     * @throws IllegalArgumentException if an origin is malformed or none is given
     */
    public static CorsConfig allowing(String... origins) {
        return new CorsConfig(List.of(origins), METHODS, HEADERS, List.of(), false, Duration.ofMinutes(10));
    }

    /** Returns a copy in which pages may use these methods. */
    public CorsConfig withMethods(String... methods) {
        return new CorsConfig(
                allowedOrigins, List.of(methods), allowedHeaders, exposedHeaders, credentialsAllowed, maxAge);
    }

    /** Returns a copy in which pages may send these headers; {@link #ANY} for all. */
    public CorsConfig withHeaders(String... headers) {
        return new CorsConfig(
                allowedOrigins, allowedMethods, List.of(headers), exposedHeaders, credentialsAllowed, maxAge);
    }

    /** Returns a copy in which pages may read these headers of answers. */
    public CorsConfig withExposedHeaders(String... headers) {
        return new CorsConfig(
                allowedOrigins, allowedMethods, allowedHeaders, List.of(headers), credentialsAllowed, maxAge);
    }

    /**
     * Returns a copy in which requests may carry cookies and other credentials.
     *
     * @throws IllegalArgumentException if all origins are allowed
     */
    public CorsConfig withCredentials() {
        return new CorsConfig(allowedOrigins, allowedMethods, allowedHeaders, exposedHeaders, true, maxAge);
    }

    private static void requireOrigin(String text) {
        if (!text.equals(ANY) && !isOrigin(text)) {
            throw new IllegalArgumentException("allowed_origins: '" + text
                    + "' is not an origin; a scheme, a host and a port if it is not the usual one, in lower case and without a"
                    + " path: https://shop.example");
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            int usualPort = "https".equals(scheme) ? 443 : "http".equals(scheme) ? 80 : -1;
            return scheme != null
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && (uri.getPort() == -1 || uri.getPort() != usualPort)
                    && text.equals(text.toLowerCase(Locale.ROOT))
                    && text.equals(scheme + "://" + uri.getRawAuthority());
        } catch (URISyntaxException notAnOrigin) {
            return false;
        }
    }

    private static void requireToken(String key, String text) {
        if (!HeaderText.isToken(text)) {
            throw new IllegalArgumentException(
                    key + ": '" + text + "' is not a name; letters, digits and the characters !#$%&'*+-.^_`|~");
        }
    }
}
