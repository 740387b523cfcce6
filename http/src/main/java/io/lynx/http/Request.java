package io.lynx.http;

import io.lynx.json.TypeOf;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, for as long as its handler runs. For the handler's thread alone, unless said otherwise; the body's methods
 * block until the body is there.
 */
public final class Request {
    private final Exchange exchange;
    private final Head head;
    private final String method;
    private final String target;
    private @Nullable Map<String, List<String>> query;
    private @Nullable Map<String, String> cookies;
    private @Nullable Map<String, Object> attributes;

    Request(Exchange exchange, Head head) {
        this.exchange = exchange;
        this.head = head;
        this.method = head.method();
        this.target = head.target();
    }

    /** The method, in upper case. */
    public String method() {
        return method;
    }

    /** The path as the client sent it, without the query and still encoded. */
    public String path() {
        return Target.path(target);
    }

    /** The template of the route that answers, such as {@code /orders/{id}}; empty if none does. */
    public Optional<String> route() {
        Route route = exchange.route();
        return route == null ? Optional.empty() : Optional.of(route.template().text());
    }

    /**
     * The decoded value of a variable of the route; a tail's parts are joined by slashes.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    public String path(String variable) {
        Route route = exchange.route();
        int index = route == null ? -1 : route.template().variables().indexOf(variable);
        if (index < 0) {
            throw new IllegalArgumentException("path variable: '" + variable + "'; the route "
                    + (route == null ? "of this answer" : route.template().text()) + " has no such variable");
        }
        return exchange.pathValues().get(index);
    }

    /**
     * The first value of a query parameter, decoded.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    public Optional<String> query(String name) {
        return queryAll(name).stream().findFirst();
    }

    /**
     * Every value of a query parameter, decoded, in their order.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    public List<String> queryAll(String name) {
        if (query == null) {
            query = Target.query(target);
        }
        return query.getOrDefault(name, List.of());
    }

    /** The first value of a header; the name's case is of no matter. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.header(name));
    }

    /** Every value of a header, in their order. */
    public List<String> headers(String name) {
        return head.headers(name);
    }

    /** Every header's first value, by its name in lower case. */
    public Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>();
        head.forEachHeader((name, value) -> all.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return all;
    }

    /** The value of a cookie. */
    public Optional<String> cookie(String name) {
        if (cookies == null) {
            cookies = parseCookies();
        }
        return Optional.ofNullable(cookies.get(name));
    }

    /**
     * The whole body; empty if there is none.
     *
     * @throws HttpException (413, 408) if it is too large, or the client too slow; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    public byte[] bytes() {
        return exchange.body().bytes();
    }

    /**
     * The whole body as text, in the charset of its {@code Content-Type}, else UTF-8.
     *
     * @throws HttpException (413, 408, 415) if it is too large, the client too slow, or the charset unknown; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    public String text() {
        return new String(bytes(), charset());
    }

    /** The whole body, read from JSON as a class; see {@link #json(TypeOf)}. */
    public <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }

    /**
     * The whole body, read from JSON by the server's codec, as a type that may have type arguments:
     * {@code request.json(new TypeOf<List<Order>>() {})}. Unless the codec is told otherwise, properties that the type does not
     * have are ignored.
     *
     * @throws HttpException (400, 413, 408, 415) if it is not JSON of that shape, with a detail that says where; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    public <T> T json(TypeOf<T> type) {
        String contentType = header("content-type").orElse("application/json");
        String mediaType = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
            throw new HttpException(
                    415, "content type: '" + mediaType + "'; application/json", Map.of("Accept", "application/json"));
        }
        return Json.read(exchange.json(), bytes(), type);
    }

    /**
     * The body as it comes in; reading blocks. A failure is thrown as by {@link #bytes}.
     *
     * @throws IllegalStateException if the body was read already
     */
    public InputStream stream() {
        return exchange.body().stream();
    }

    /**
     * The host that the client asked, with its port if it named one: {@code Host}, or {@code :authority} in HTTP/2. Nobody
     * has checked that it is one of this machine's.
     */
    public Optional<String> authority() {
        return head.protocol() == Protocol.HTTP_2 ? Optional.ofNullable(head.authority()) : header("host");
    }

    /** Where the client, or the proxy before it, connects from. */
    public InetSocketAddress remoteAddress() {
        return exchange.peer();
    }

    /** Returns the address of this end of the connection. */
    public InetSocketAddress localAddress() {
        return exchange.local();
    }

    /**
     * Identifies the connection, for what is cached for each connection: the same object for all of its requests. Compare it by
     * identity, and hold it weakly.
     */
    public Object connection() {
        return exchange.connection();
    }

    /**
     * Identifies the request in logs and error answers: the client's {@code X-Request-Id} if it is 1 to 128 letters, digits
     * and {@code -_.:/+=}, else one of ours. Thread-safe.
     */
    public String id() {
        return exchange.id();
    }

    /** {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}. */
    public String protocol() {
        return exchange.protocol();
    }

    /** Whether it came over TLS. */
    public boolean isSecure() {
        return head.isSecure();
    }

    /** The server refuses it in place of its handler. */
    void rejected(Rejection reason) {
        exchange.rejected(reason);
    }

    /** Whether the client has gone, or the request ran out of time: nobody waits for the answer. Thread-safe. */
    public boolean isCancelled() {
        return exchange.isCancelled();
    }

    /** What an interceptor left under {@code name}. */
    public Optional<Object> attribute(String name) {
        return attributes == null ? Optional.empty() : Optional.ofNullable(attributes.get(name));
    }

    /** Leaves something for those further in. */
    public void attribute(String name, Object value) {
        if (attributes == null) {
            attributes = new HashMap<>();
        }
        attributes.put(name, value);
    }

    private Charset charset() {
        String contentType = header("content-type").orElse("");
        for (String parameter : contentType.split(";")) {
            String trimmed = parameter.trim();
            if (trimmed.regionMatches(true, 0, "charset=", 0, 8)) {
                String name = trimmed.substring(8).replace("\"", "");
                try {
                    return Charset.forName(name);
                } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                    throw new HttpException(415, "charset of the body: '" + name + "'; a known one, such as utf-8", e);
                }
            }
        }
        return StandardCharsets.UTF_8;
    }

    private Map<String, String> parseCookies() {
        Map<String, String> parsed = new HashMap<>();
        List<String> pairs = new ArrayList<>();
        for (String header : headers("cookie")) {
            pairs.addAll(List.of(header.split(";")));
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String value = pair.substring(equals + 1).trim();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                parsed.putIfAbsent(
                        pair.substring(0, equals).trim(), quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return parsed;
    }
}
