package io.lynx.http.engine.exchange;

import io.lynx.context.ContextSource;
import io.lynx.http.AccessRule;
import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.engine.binding.Json;
import io.lynx.http.engine.binding.ReadValues;
import io.lynx.http.engine.body.RequestContent;
import io.lynx.http.engine.head.Cookies;
import io.lynx.http.engine.head.RequestOrigin;
import io.lynx.http.engine.head.Target;
import io.lynx.http.engine.interceptor.InterceptedRequest;
import io.lynx.json.TypeOf;
import io.lynx.time.Deadline;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request of an exchange, which its context is read from. */
final class ServerRequest implements InterceptedRequest, ContextSource {
    private final ExchangeParts exchange;
    private final ServerContext server;
    private final Stream stream;
    private final Head head;
    private final String method;
    private final String target;
    private final long number;
    private @Nullable Map<String, List<String>> query;
    private @Nullable Map<String, List<String>> cookies;
    private @Nullable Map<String, Object> attributes;
    private @Nullable RequestOrigin origin;
    private @Nullable RequestContent content;

    ServerRequest(ExchangeParts exchange, ServerContext server, Stream stream) {
        this.exchange = exchange;
        this.server = server;
        this.number = server.nextNumber();
        this.stream = stream;
        this.head = stream.head();
        this.method = head.method();
        this.target = head.target();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String path() {
        return Target.path(target);
    }

    @Override
    public Optional<String> route() {
        return Optional.ofNullable(exchange.target().template());
    }

    /** The method is that of the route, so it is not text that the client chose. */
    @Override
    public String operation() {
        return route().map(template -> method + " " + template).orElse("");
    }

    @Override
    public String path(String variable) {
        return exchange.target().pathValue(variable);
    }

    @Override
    public Optional<String> query(String name) {
        return queryAll(name).stream().findFirst();
    }

    @Override
    public List<String> queryAll(String name) {
        if (query == null) {
            query = Target.query(target);
        }
        return query.getOrDefault(name, List.of());
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.header(name));
    }

    @Override
    public List<String> headers(String name) {
        return head.headers(name);
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>();
        head.forEachHeader((name, value) -> all.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return all;
    }

    @Override
    public Optional<String> cookie(String name) {
        return cookies(name).stream().findFirst();
    }

    @Override
    public List<String> cookies(String name) {
        return parsedCookies().getOrDefault(name, List.of());
    }

    @Override
    public Map<String, String> cookies() {
        return Cookies.firstOfEach(parsedCookies());
    }

    private Map<String, List<String>> parsedCookies() {
        if (cookies == null) {
            cookies = Cookies.parse(headers("cookie"));
        }
        return cookies;
    }

    @Override
    public <T extends Record> T bind(Class<T> type) {
        return ReadValues.bound(server.validator(), type, this);
    }

    @Override
    public byte[] bytes() {
        return content().bytes();
    }

    @Override
    public String text() {
        return content().text();
    }

    @Override
    public <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }

    @Override
    public <T> T json(TypeOf<T> type) {
        return ReadValues.valid(
                server.validator(), Json.read(exchange.json(), content().json(head), type));
    }

    @Override
    public Form form(FormLimits limits) {
        return content().form(limits);
    }

    /** The handler has returned. */
    void release() {
        RequestContent used = content;
        if (used != null) {
            used.release();
        }
    }

    @Override
    public InputStream stream() {
        return content().stream();
    }

    @Override
    public Optional<String> authority() {
        return Optional.ofNullable(RequestOrigin.authority(head));
    }

    @Override
    public String scheme() {
        return origin().scheme();
    }

    @Override
    public Optional<String> host() {
        return Optional.ofNullable(origin().host());
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return server.proxies().isEmpty() ? stream.peer() : origin().client();
    }

    @Override
    public InetSocketAddress peerAddress() {
        return stream.peer();
    }

    @Override
    public boolean isForwarded() {
        return !server.proxies().isEmpty() && origin().isForwarded();
    }

    /** Read when it is needed first. Two threads may read it, which then have equal results. */
    private RequestOrigin origin() {
        RequestOrigin known = origin;
        if (known == null) {
            known = RequestOrigin.of(stream, server.proxies(), server.config().forwardedHeaders(), this::ignored);
            origin = known;
        }
        return known;
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return stream.clientCertificates();
    }

    @Override
    public InetSocketAddress localAddress() {
        return stream.local();
    }

    @Override
    public Object connection() {
        return stream.connection();
    }

    @Override
    public String id() {
        return exchange.id();
    }

    @Override
    public Optional<Deadline> deadline() {
        return exchange.context().deadline();
    }

    @Override
    public Optional<Deadline> answerBy() {
        return exchange.record().deadline();
    }

    @Override
    public String newRequestId() {
        return server.requestId(number);
    }

    @Override
    public void ignored(String header) {
        server.recorder().ignored(header);
    }

    @Override
    public String protocol() {
        return head.protocol().toString();
    }

    @Override
    public boolean isSecure() {
        return head.isSecure();
    }

    @Override
    public boolean isCancelled() {
        return exchange.handlerRun().isUnwanted();
    }

    @Override
    public Optional<AccessRule> access() {
        return Optional.ofNullable(exchange.target().chain().access());
    }

    @Override
    public Optional<Object> attribute(String name) {
        return attributes == null ? Optional.empty() : Optional.ofNullable(attributes.get(name));
    }

    @Override
    public void attribute(String name, Object value) {
        if (attributes == null) {
            attributes = new HashMap<>();
        }
        attributes.put(name, value);
    }

    private RequestContent content() {
        RequestContent known = content;
        if (known == null) {
            known = new RequestContent(exchange, server.bodies(), exchange.target(), this, exchange.reader());
            content = known;
        }
        return known;
    }
}
