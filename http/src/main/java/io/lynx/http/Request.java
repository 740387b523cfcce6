package io.lynx.http;

import io.lynx.http.engine.binding.ParameterSource;
import io.lynx.json.TypeOf;
import io.lynx.time.Deadline;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request; it can be used while its handler runs. For the handler's thread only, unless a method says otherwise. The methods
 * that read the body block until it has arrived.
 */
public interface Request {
    /** Returns the method, in upper case. */
    String method();

    /** Returns the path as the client sent it: without the query and not decoded. */
    String path();

    /** Returns the template of the route that answers, such as {@code /orders/{id}}; empty if none does. */
    Optional<String> route();

    /**
     * Returns the decoded value of a variable of the route; the segments of a tail are joined by slashes.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    String path(String variable);

    /**
     * Returns a variable of the route, to be read as a {@code T}.
     *
     * @throws IllegalArgumentException if the route has no such variable, or parameters cannot have that type
     */
    default <T> Parameter<T> path(String variable, Class<T> type) {
        return parameter(ParameterSource.PATH, variable, type);
    }

    /**
     * Returns the first value of a query parameter, decoded.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    Optional<String> query(String name);

    /**
     * Returns every value of a query parameter, decoded and in the order of the query.
     *
     * @throws HttpException (400) if the query cannot be decoded
     */
    List<String> queryAll(String name);

    /**
     * Returns a query parameter, to be read as a {@code T}: {@code request.query("limit", Integer.class).orElse(20)}.
     *
     * @throws IllegalArgumentException if parameters cannot have that type
     */
    default <T> Parameter<T> query(String name, Class<T> type) {
        return parameter(ParameterSource.QUERY, name, type);
    }

    private <T> Parameter<T> parameter(ParameterSource source, String name, Class<T> type) {
        return Parameter.of(source, name, source.texts(this, name), type);
    }

    /** Returns the first value of a header; the case of the name does not matter. */
    Optional<String> header(String name);

    /** Returns every value of a header, in the order of arrival. */
    List<String> headers(String name);

    /** Returns the first value of every header, by its name in lower case. */
    Map<String, String> headers();

    /**
     * Returns a header, to be read as a {@code T}; the case of the name does not matter.
     *
     * @throws IllegalArgumentException if parameters cannot have that type
     */
    default <T> Parameter<T> header(String name, Class<T> type) {
        return parameter(ParameterSource.HEADER, name, type);
    }

    /** Returns the value of a cookie; the first one if the client sent several of that name. */
    Optional<String> cookie(String name);

    /** Returns every value of a cookie, in the order of arrival. */
    List<String> cookies(String name);

    /** Returns the first value of every cookie, by its name. */
    Map<String, String> cookies();

    /**
     * Returns a cookie, to be read as a {@code T}.
     *
     * @throws IllegalArgumentException if parameters cannot have that type
     */
    default <T> Parameter<T> cookie(String name, Class<T> type) {
        return parameter(ParameterSource.COOKIE, name, type);
    }

    /**
     * Reads parameters into a record. All of them are checked before an answer reports what is wrong.
     *
     * <p>A component is a variable of the route if the route has one of its name, and otherwise a parameter of the query, unless
     * {@link HeaderValue} or {@link CookieValue} names another place. {@link io.lynx.config.Key} gives the parameter another name. A
     * component has one of the types of {@link Parameter}, or is an {@link Optional} or a {@link List} of that type. It is required
     * unless it is one of these two, is {@code @Nullable}, or has a {@link io.lynx.config.Default}. {@link io.lynx.config.Range} limits
     * its value.
     *
     * @throws ValidationException (400) that names every parameter that is missing or not allowed
     * @throws IllegalArgumentException if the record cannot be bound
     */
    <T extends Record> T bind(Class<T> type);

    /**
     * Returns the whole body; empty if there is none. With {@code lynx.http.decompression}, a body in gzip is decompressed, here and by
     * all other methods that read it.
     *
     * @throws HttpException (413, 408) if it is too large or the client is too slow, or (400, 415) if it cannot be decompressed; do not
     *     catch it
     * @throws ClientGoneException if the client has gone; do not catch it
     */
    byte[] bytes();

    /**
     * Returns the whole body as text, in the charset of its {@code Content-Type} or else in UTF-8.
     *
     * @throws HttpException (413, 408, 415) if it is too large, the client is too slow or the charset is unknown; do not catch it
     * @throws ClientGoneException if the client has gone; do not catch it
     */
    String text();

    /** Reads the whole body from JSON as a class; see {@link #json(TypeOf)}. */
    <T> T json(Class<T> type);

    /**
     * Reads the whole body from JSON, by the server's codec, as a type that may have type arguments:
     * {@code request.json(new TypeOf<List<Order>>() {})}. Unless the codec is configured otherwise, properties that the type
     * does not have are ignored. A body without a {@code Content-Type} is read as JSON, unless a browser sends it.
     *
     * @throws HttpException (400, 413, 408, 415) if it is not JSON of that shape, with a detail that names the place; do not catch it
     * @throws ClientGoneException if the client has gone; do not catch it
     */
    <T> T json(TypeOf<T> type);

    /** Reads the whole body as a form, with the default limits; see {@link #form(FormLimits)}. */
    default Form form() {
        return form(FormLimits.defaults());
    }

    /**
     * Reads the whole body as a form, {@code multipart/form-data} or {@code application/x-www-form-urlencoded}. Large files are kept
     * on disk, from where they disappear when the handler has returned. A second call returns the same form.
     *
     * @throws HttpException (400, 408, 413, 415) if it is malformed, the client is too slow, it exceeds a limit or is not a form; do not
     *     catch it
     * @throws ClientGoneException if the client has gone; do not catch it
     */
    Form form(FormLimits limits);

    /**
     * Returns the body as it arrives; reading blocks. Failures are thrown as by {@link #bytes}.
     *
     * @throws IllegalStateException if the body was read already
     */
    InputStream stream();

    /**
     * Returns the host that the client addressed, with the port if it named one: {@code Host}, or {@code :authority} in HTTP/2.
     * It is not compared with the names of this machine.
     */
    Optional<String> authority();

    /**
     * Returns {@code https} or {@code http}: how the client reaches the service. Behind a proxy in {@code trusted_proxies}, it is the
     * scheme that the proxy tells.
     */
    String scheme();

    /**
     * Returns the host that the client addressed, with the port if it named one. Behind a proxy in {@code trusted_proxies}, it is the
     * host that the proxy tells, and otherwise {@link #authority}. It is not compared with the names of this machine.
     */
    Optional<String> host();

    /**
     * Returns the address of the client. Behind proxies in {@code trusted_proxies}, it is the address that the outermost of them
     * tells; its port is 0 if it is not told. Otherwise it is {@link #peerAddress}. It is always a literal, never a name:
     * {@code remoteAddress().getHostString()} is its text, and {@code getAddress()} needs no name service.
     */
    InetSocketAddress remoteAddress();

    /** Returns the address of the other end of the connection, which is that of the nearest proxy if there is one. */
    InetSocketAddress peerAddress();

    /** Returns whether a trusted proxy tells, by a header or by the PROXY protocol, that it forwards the request of a client. */
    boolean isForwarded();

    /**
     * Returns the certificate that the client of a TLS connection has shown, followed by those of its issuers, which have been checked
     * against {@code tls.client_certificates}; empty if it has shown none. Behind a proxy that ends TLS, it is the proxy's.
     */
    List<X509Certificate> clientCertificates();

    /** Returns the address of this end of the connection. */
    InetSocketAddress localAddress();

    /**
     * Returns an object that identifies the connection, the same for all of its requests. A cache for each connection compares it
     * by identity and holds it weakly.
     */
    Object connection();

    /**
     * Returns the id of the request in logs and error answers: the client's {@code X-Request-Id} if it consists of 1 to 128
     * letters, digits and {@code -_.:/+=}, otherwise one that the server makes. Thread-safe.
     */
    String id();

    /** Returns {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}. */
    String protocol();

    /** Returns whether the connection uses TLS. */
    boolean isSecure();

    /**
     * Returns whether the client has gone or the request exceeded its time, so that the answer is of no use. A client that has only
     * finished sending counts as gone, since the two look alike; it receives what the handler sends all the same. A handler that
     * works for long tests this and returns. Its thread is not interrupted unless the route asks for that by
     * {@link RouteOptions#interruptWhenCancelled}. Thread-safe.
     */
    boolean isCancelled();

    /**
     * Returns by when the answer must begin; empty if nothing limits the request. It is the least of the time-out of the route or the
     * server and of what a trusted caller asks for in {@code X-Request-Timeout}. It passes early if the client goes away. Pass it to
     * what the handler calls; {@link io.lynx.context.RequestContext} carries it too. Thread-safe.
     */
    Optional<Deadline> deadline();

    /** Returns the rule for who may call what answers this request; empty if there is none. */
    default Optional<AccessRule> access() {
        return Optional.empty();
    }

    /** Returns what an interceptor set under {@code name}. */
    Optional<Object> attribute(String name);

    /** Sets a value that the interceptors and the handler inside this one can read. */
    void attribute(String name, Object value);
}
