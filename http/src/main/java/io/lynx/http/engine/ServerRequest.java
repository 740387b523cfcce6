package io.lynx.http.engine;

import io.lynx.context.ContextSource;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.json.TypeOf;
import io.lynx.time.Deadline;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
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
    private @Nullable Map<String, String> cookies;
    private @Nullable Body empty;
    private @Nullable Map<String, Object> attributes;
    private @Nullable RequestOrigin origin;

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
        if (cookies == null) {
            cookies = parseCookies();
        }
        return Optional.ofNullable(cookies.get(name));
    }

    @Override
    public byte[] bytes() {
        return body().bytes();
    }

    @Override
    public String text() {
        return new String(bytes(), charset());
    }

    @Override
    public <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }

    @Override
    public <T> T json(TypeOf<T> type) {
        String contentType = header("content-type").orElse("application/json");
        String mediaType = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
            throw new HttpException(
                    415,
                    "content type: '" + mediaType + "'; application/json is expected",
                    Map.of("Accept", "application/json"));
        }
        return Json.read(exchange.json(), bytes(), type);
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

    private Charset charset() {
        String name = HeaderText.parameter(header("content-type").orElse(""), "charset");
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new HttpException(415, "charset of the body: '" + name + "'; a known one, such as utf-8", e);
        }
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
