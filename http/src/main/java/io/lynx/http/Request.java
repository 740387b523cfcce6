package io.lynx.http;

import io.lynx.json.TypeOf;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, for as long as its handler runs. For the handler's thread alone, unless a method says otherwise; the body's
 * methods block until the body is there.
 */
public interface Request {
    /** The method, in upper case. */
    String method();

    /** The path as the client sent it, without the query and still encoded. */
    String path();

    /** The template of the route that answers, such as {@code /orders/{id}}; empty if none does. */
    Optional<String> route();

    /**
     * The decoded value of a variable of the route; a tail's parts are joined by slashes.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    String path(String variable);

    /**
     * The first value of a query parameter, decoded.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    Optional<String> query(String name);

    /**
     * Every value of a query parameter, decoded, in their order.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    List<String> queryAll(String name);

    /** The first value of a header; the case of the name does not matter. */
    Optional<String> header(String name);

    /** Every value of a header, in their order. */
    List<String> headers(String name);

    /** Every header's first value, by its name in lower case. */
    Map<String, String> headers();

    /** The value of a cookie. */
    Optional<String> cookie(String name);

    /**
     * The whole body; empty if there is none.
     *
     * @throws HttpException (413, 408) if it is too large, or the client too slow; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    byte[] bytes();

    /**
     * The whole body as text, in the charset of its {@code Content-Type}, else UTF-8.
     *
     * @throws HttpException (413, 408, 415) if it is too large, the client too slow, or the charset unknown; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    String text();

    /** The whole body, read from JSON as a class; see {@link #json(TypeOf)}. */
    <T> T json(Class<T> type);

    /**
     * The whole body, read from JSON by the server's codec, as a type that may have type arguments:
     * {@code request.json(new TypeOf<List<Order>>() {})}. Unless the codec is told otherwise, properties that the type does not
     * have are ignored.
     *
     * @throws HttpException (400, 413, 408, 415) if it is not JSON of that shape, with a detail that says where; let it pass
     * @throws ClientGoneException if the client has gone; let it pass
     */
    <T> T json(TypeOf<T> type);

    /**
     * The body as it comes in; reading blocks. A failure is thrown as by {@link #bytes}.
     *
     * @throws IllegalStateException if the body was read already
     */
    InputStream stream();

    /**
     * The host that the client asked, with its port if it named one: {@code Host}, or {@code :authority} in HTTP/2. It is
     * not checked against the names of this machine.
     */
    Optional<String> authority();

    /** Where the client, or the proxy before it, connects from. */
    InetSocketAddress remoteAddress();

    /** Returns the address of this end of the connection. */
    InetSocketAddress localAddress();

    /**
     * Identifies the connection, for what is cached for each connection: the same object for all of its requests. Compare it by
     * identity, and hold it weakly.
     */
    Object connection();

    /**
     * Identifies the request in logs and error answers: the client's {@code X-Request-Id} if it is 1 to 128 letters, digits
     * and {@code -_.:/+=}, else one that the server makes. Thread-safe.
     */
    String id();

    /** {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}. */
    String protocol();

    /** Whether it came over TLS. */
    boolean isSecure();

    /**
     * Returns whether the client has gone or the request exceeded its time, so that the answer is of no use. A handler that
     * works for long tests it and returns. Its thread is not interrupted unless the route asks for that by
     * {@link RouteOptions#interruptWhenCancelled}. Thread-safe.
     */
    boolean isCancelled();

    /** Returns what an interceptor set under {@code name}. */
    Optional<Object> attribute(String name);

    /** Sets something for the interceptors and the handler behind this one. */
    void attribute(String name, Object value);
}
