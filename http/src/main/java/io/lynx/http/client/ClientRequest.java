package io.lynx.http.client;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.http.client.engine.TargetText;
import io.lynx.http.client.engine.call.Answer;
import io.lynx.http.client.engine.call.OutgoingRequest;
import io.lynx.http.client.engine.call.RequestBody;
import io.lynx.http.client.engine.telemetry.CallTrace;
import io.lynx.json.TypeOf;
import io.lynx.time.Deadline;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call to be made by {@link #send}, {@link #fetch} or {@link #open}, which block until there is an answer. They throw {@link
 * HttpCallException} if there is none, a {@link io.lynx.resilience.CallRejectedException} if a policy rejects the call, and a
 * {@link java.util.concurrent.CancellationException} if the thread is interrupted; the call is ended then. Not thread-safe.
 */
public final class ClientRequest {
    private final HttpClient client;
    private final String method;
    private final String template;
    private final StringBuilder target;
    private final List<String> headers = new ArrayList<>(8);
    private @Nullable RequestBody body;
    private @Nullable Duration timeout;
    private @Nullable Deadline deadline;
    private boolean isIdempotent;
    private boolean hasQuery;

    ClientRequest(HttpClient client, String method, String template, String path) {
        this.client = client;
        this.method = method;
        this.template = template;
        this.target = new StringBuilder(path);
        this.isIdempotent = isIdempotent(method);
    }

    /** These may be carried out twice (RFC 9110, 9.2.2). */
    private static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Adds a parameter to the query; both texts are encoded. */
    public ClientRequest query(String name, Object value) {
        target.append(hasQuery ? '&' : '?');
        hasQuery = true;
        TargetText.appendEncoded(target, name);
        target.append('=');
        TargetText.appendEncoded(target, String.valueOf(value));
        return this;
    }

    /**
     * Sets a header in place of earlier ones of that name and of those that every call of the client has.
     *
     * @throws IllegalArgumentException if name or value hold what a header cannot, or the header belongs to the connection or to
     *     the framing of the body
     */
    public ClientRequest header(String name, String value) {
        String key = HttpClient.requireHeader(name, value);
        for (int i = headers.size() - 2; i >= 0; i -= 2) {
            if (headers.get(i).equals(key)) {
                headers.subList(i, i + 2).clear();
            }
        }
        headers.add(key);
        headers.add(value);
        return this;
    }

    /** Sets the {@code Content-Type}. */
    public ClientRequest type(String contentType) {
        return header("content-type", contentType);
    }

    /** Sets a body of bytes, which must not be changed until the call has ended. */
    public ClientRequest body(byte[] bytes) {
        this.body = RequestBody.of(bytes);
        return this;
    }

    /** Sets a body of text in UTF-8, as {@code text/plain} unless a type is set. */
    public ClientRequest text(String text) {
        defaultType("text/plain; charset=utf-8");
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sets a body of JSON: records, collections, maps and plain objects.
     *
     * @throws io.lynx.json.JsonCodec.JsonWriteException if the value cannot be written as JSON
     */
    public ClientRequest json(Object value) {
        defaultType("application/json");
        return body(client.json().write(value));
    }

    /**
     * Sets a body that is read while it is sent, which happens on the thread that makes the call. A call with such a body is
     * made once: it is not retried after the stream was read. The stream is not closed.
     *
     * @param length in bytes; -1 if it is unknown
     */
    public ClientRequest body(InputStream stream, long length) {
        this.body = RequestBody.of(stream, Math.max(-1, length));
        return this;
    }

    private void defaultType(String type) {
        if (!HttpClient.hasName(headers, "content-type")) {
            headers.add("content-type");
            headers.add(type);
        }
    }

    /** Sets how long this call may take with all of its attempts, in place of the client's {@code timeout}. */
    public ClientRequest timeout(Duration duration) {
        this.timeout = duration;
        return this;
    }

    /** Sets the time by which this call must be over, if that is before its timeout. */
    public ClientRequest deadline(Deadline end) {
        this.deadline = end;
        return this;
    }

    /**
     * Declares whether the call may be carried out twice, and so may be retried and hedged. Unless this is set, it may if its
     * method is GET, HEAD, PUT, DELETE, OPTIONS or TRACE. A POST with an idempotency key that the service honours may too.
     */
    public ClientRequest idempotent(boolean mayBeRepeated) {
        this.isIdempotent = mayBeRepeated;
        return this;
    }

    /** Makes the call and returns the answer, whatever its status. */
    public ClientResponse send() {
        Answer answer = make(false);
        return new ClientResponse(
                client.name(),
                method + " " + template,
                answer,
                client.json(),
                client.engine().clock());
    }

    /**
     * Makes the call and returns the body of a successful answer, read from JSON.
     *
     * @throws HttpStatusException if the status is not 200 to 299
     */
    public <T> T fetch(Class<T> type) {
        return fetch(TypeOf.of(type));
    }

    /**
     * Makes the call and returns the body of a successful answer, read from JSON as a type that may have type arguments.
     *
     * @throws HttpStatusException if the status is not 200 to 299
     */
    public <T> T fetch(TypeOf<T> type) {
        if (!HttpClient.hasName(headers, "accept")) {
            header("accept", "application/json");
        }
        return send().orThrow().json(type);
    }

    /** Makes the call and returns the answer when its head has arrived, whatever its status. It must be closed. */
    public StreamedResponse open() {
        return new StreamedResponse(make(true));
    }

    private Answer make(boolean isStreamed) {
        RequestContext outer = RequestContext.current();
        Span span = client.engine().trace().call(outer);
        RequestContext context = span.in(outer);
        List<String> all = client.withDefaults(headers);
        boolean tellsTime = client.propagates() && !HttpClient.hasName(all, OutgoingRequest.TIME);
        if (client.propagates()) {
            addContext(all, context);
        }
        OutgoingRequest request = new OutgoingRequest(
                method, template, target.toString(), all, body, isIdempotent, isStreamed, tellsTime);
        try {
            Answer answer = client.engine().call(request, timeout, deadline, context);
            CallTrace.answered(span, answer.status());
            return answer;
        } catch (Throwable failure) {
            CallTrace.failed(span, failure);
            throw failure;
        }
    }

    /** Adds the headers that carry the context, unless they are set already. */
    private static void addContext(List<String> all, RequestContext context) {
        context.propagate((name, value) -> {
            if (!HttpClient.hasName(all, name)) {
                all.add(name);
                all.add(value);
            }
        });
    }
}
