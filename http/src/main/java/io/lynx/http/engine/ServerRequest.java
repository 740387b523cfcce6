package io.lynx.http.engine;

import io.lynx.context.ContextSource;
import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.Request;
import io.lynx.json.TypeOf;
import io.lynx.time.Deadline;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request of an exchange, which its context is read from. */
final class ServerRequest implements Request, ContextSource {
    private final Exchange exchange;
    private final ServerContext server;
    private final Stream stream;
    private final Head head;
    private final String method;
    private final String target;
    private final long number;
    private @Nullable Map<String, List<String>> query;
    private @Nullable Map<String, List<String>> cookies;
    private @Nullable Body empty;
    private @Nullable Map<String, Object> attributes;
    private @Nullable RequestOrigin origin;
    private @Nullable OpenForm form;

    ServerRequest(Exchange exchange, ServerContext server, Stream stream) {
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
    public String path() {
        return Target.path(target);
    }

    @Override
    public Optional<String> route() {
        Route route = exchange.target().route();
        return route == null ? Optional.empty() : Optional.of(route.template().text());
    }

    @Override
    public String path(String variable) {
        Route route = exchange.target().route();
        int index = route == null ? -1 : route.template().variables().indexOf(variable);
        if (index < 0) {
            throw new IllegalArgumentException("path variable: '" + variable + "'; the route "
                    + (route == null ? "of this answer" : route.template().text()) + " has no such variable");
        }
        return exchange.target().pathValues().get(index);
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
        Map<String, String> all = new LinkedHashMap<>();
        parsedCookies().forEach((name, values) -> all.put(name, values.getFirst()));
        return all;
    }

    private Map<String, List<String>> parsedCookies() {
        if (cookies == null) {
            cookies = Cookies.parse(headers("cookie"));
        }
        return cookies;
    }

    @Override
    public <T extends Record> T bind(Class<T> type) {
        return server.validated(ParameterRecord.bind(this, type), 400);
    }

    @Override
    public byte[] bytes() {
        return body().bytes();
    }

    @Override
    public String text() {
        return new String(bytes(), HeaderText.charset(header("content-type").orElse("")));
    }

    @Override
    public <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }

    @Override
    public <T> T json(TypeOf<T> type) {
        Json.requireType(header("content-type").orElseGet(this::assumedType));
        return server.validated(Json.read(exchange.json(), bytes(), type), 422);
    }

    /** A page of another site can have a browser send a body without a type, with the cookies of its user and without preflight. */
    private String assumedType() {
        boolean isOfBrowser =
                head.header("origin") != null || head.header("cookie") != null || head.header("sec-fetch-site") != null;
        return isOfBrowser ? "" : "application/json";
    }

    @Override
    public Form form(FormLimits limits) {
        Form known = form == null ? null : form.form();
        if (known == null) {
            OpenForm opened = form == null ? new OpenForm(server.uploads()) : form;
            form = opened;
            // Nothing may be written to a disk on the event loop; the body is small there.
            boolean isInMemory = exchange.target().isNonBlocking();
            known = FormReader.read(this, isInMemory ? limits.withInMemory(Body.FULL) : limits, opened);
            opened.complete(known);
        }
        return known;
    }

    /** The handler has returned: its uploaded files are not needed any more. */
    void release() {
        OpenForm opened = form;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public InputStream stream() {
        return body().stream();
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

    private Body body() {
        BodyReader reader = exchange.reader();
        if (reader != null) {
            return reader.body();
        }
        Body none = empty == null ? Body.empty() : empty;
        empty = none;
        return none;
    }
}
