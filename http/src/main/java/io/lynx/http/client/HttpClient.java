package io.lynx.http.client;

import io.lynx.http.client.engine.ClientEngine;
import io.lynx.http.client.engine.TargetText;
import io.lynx.http.client.engine.telemetry.ClientCounts;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.json.JsonCodec;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Calls one service. Calls block the calling thread, which should be a virtual one: the handler of a request, for example.
 * Connections are kept and shared by all calls. A plugin gets a client by {@link HttpClientPlugin}; {@link #builder} makes one in
 * code. Thread-safe.
 */
public final class HttpClient implements AutoCloseable {
    private final String name;
    private final String pathPrefix;
    private final List<String> defaults;
    private final boolean propagates;
    private final JsonCodec json;
    private final ClientEngine engine;
    private final List<AutoCloseable> owned;

    /**
     * A client.
     *
     * @param pathPrefix is put in front of the paths of calls
     * @param headers that every call has
     * @param propagates whether calls carry the context of a request
     * @param owned what is closed with the client
     */
    HttpClient(
            String name,
            String pathPrefix,
            Map<String, String> headers,
            boolean propagates,
            JsonCodec json,
            ClientEngine engine,
            List<AutoCloseable> owned) {
        this.name = name;
        this.pathPrefix = pathPrefix;
        this.propagates = propagates;
        this.json = json;
        this.engine = engine;
        this.owned = owned;
        List<String> all = new ArrayList<>(2 * headers.size());
        headers.forEach((key, value) -> {
            all.add(requireHeader(key, value));
            all.add(value);
        });
        this.defaults = List.copyOf(all);
    }

    /**
     * Returns a builder of a client.
     *
     * @param name for logs, messages and metrics: lower-case letters, digits and dashes, starting with a letter
     */
    public static HttpClientBuilder builder(String name) {
        return new HttpClientBuilder(name, ClientConfig.defaults());
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Starts to describe a GET; see {@link #request}. */
    public ClientRequest get(String template, Object... values) {
        return request("GET", template, values);
    }

    /** Starts to describe a HEAD; see {@link #request}. */
    public ClientRequest head(String template, Object... values) {
        return request("HEAD", template, values);
    }

    /** Starts to describe a POST; see {@link #request}. */
    public ClientRequest post(String template, Object... values) {
        return request("POST", template, values);
    }

    /** Starts to describe a PUT; see {@link #request}. */
    public ClientRequest put(String template, Object... values) {
        return request("PUT", template, values);
    }

    /** Starts to describe a PATCH; see {@link #request}. */
    public ClientRequest patch(String template, Object... values) {
        return request("PATCH", template, values);
    }

    /** Starts to describe a DELETE; see {@link #request}. */
    public ClientRequest delete(String template, Object... values) {
        return request("DELETE", template, values);
    }

    /**
     * Starts to describe a call.
     *
     * @param method in upper case
     * @param template the path, with a variable in braces for each part that varies: {@code /orders/{id}}. It is a label of the
     *     metrics, so it must not hold values itself
     * @param values one for each variable; each is encoded as one segment of the path
     * @throws IllegalArgumentException if the method or the template is malformed, there are more or fewer values than variables,
     *     or a value is empty, {@code .} or {@code ..}
     */
    public ClientRequest request(String method, String template, Object... values) {
        if (method.equals("CONNECT") || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z') || method.isEmpty()) {
            throw new IllegalArgumentException("method: '" + method + "'; capital letters, and not CONNECT");
        }
        return new ClientRequest(this, method, template, TargetText.path(pathPrefix, template, values));
    }

    /**
     * Checks a header.
     *
     * @return its name in lower case
     */
    static String requireHeader(String name, String value) {
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        String key = name.toLowerCase(Locale.ROOT);
        return switch (key) {
            case "host",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "transfer-encoding",
                    "content-length",
                    "upgrade",
                    "expect",
                    "te",
                    "trailer" ->
                throw new IllegalArgumentException("header " + key + ": the client sets it; leave it out");
            default -> key;
        };
    }

    /** Returns a copy of headers with those that every call has and that are not among them. */
    List<String> withDefaults(List<String> headers) {
        List<String> all = new ArrayList<>(headers);
        for (int i = 0; i < defaults.size(); i += 2) {
            if (!hasName(headers, defaults.get(i))) {
                all.add(defaults.get(i));
                all.add(defaults.get(i + 1));
            }
        }
        return all;
    }

    /** Returns whether calls carry the context of the request for which they are made. */
    boolean propagates() {
        return propagates;
    }

    /** Returns whether a list of names and values has a name. */
    static boolean hasName(List<String> headers, String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    JsonCodec json() {
        return json;
    }

    ClientEngine engine() {
        return engine;
    }

    ClientCounts counts() {
        return engine.counts();
    }

    /**
     * Refuses further calls, waits for those in flight, ends those that are left at the deadline, and closes all connections.
     *
     * @throws InterruptedException if interrupted while waiting; the client is closed then
     */
    public void close(Deadline deadline) throws InterruptedException {
        try {
            engine.close(deadline);
        } finally {
            closeOwned();
        }
    }

    /** Ends the calls in flight and closes all connections. Idempotent. */
    @Override
    public void close() {
        engine.close();
        closeOwned();
    }

    private void closeOwned() {
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
