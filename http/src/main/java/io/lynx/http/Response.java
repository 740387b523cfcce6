package io.lynx.http;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a request, sent once: by one of the {@code send} methods, {@link #json}, {@link #problem},
 * {@link #noContent}, {@link #redirect} or {@link #stream}. For the handler's thread alone. When nobody waits for the answer
 * any longer ({@link Request#isCancelled}), sending does nothing.
 */
public final class Response {
    private final Exchange exchange;
    private final List<String> headers = new ArrayList<>(8);
    private int status = 200;
    private boolean statusSet;
    private boolean contentTypeSet;
    private boolean sent;

    Response(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Sets the status; 200 if it is never set.
     *
     * @throws IllegalArgumentException if it is not 200 to 599
     * @throws IllegalStateException if the answer is sent
     */
    public Response status(int status) {
        requireUnsent();
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("HTTP status: " + status + "; 200 to 599");
        }
        this.status = status;
        statusSet = true;
        return this;
    }

    /** The status it has, or had when it was sent. */
    public int status() {
        return status;
    }

    /**
     * Sets a header in place of earlier ones of that name.
     *
     * @throws IllegalArgumentException if name or value hold what a header cannot
     * @throws IllegalStateException if the answer is sent
     */
    public Response header(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        for (int i = headers.size() - 2; i >= 0; i -= 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                headers.remove(i + 1);
                headers.remove(i);
            }
        }
        return add(name, value);
    }

    /**
     * Adds a header beside earlier ones of that name.
     *
     * @throws IllegalArgumentException if name or value hold what a header cannot
     * @throws IllegalStateException if the answer is sent
     */
    public Response addHeader(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        return add(name, value);
    }

    /**
     * Sets the {@code Content-Type}.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public Response type(String contentType) {
        return header("content-type", contentType);
    }

    /**
     * Sets a cookie.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public Response cookie(Cookie cookie) {
        requireUnsent();
        return add("set-cookie", cookie.toHeader());
    }

    /**
     * Sends text in UTF-8, as {@code text/plain} unless a type is set.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public void send(String text) {
        finish(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /**
     * Sends bytes, as {@code application/octet-stream} unless a type is set. The array must not be changed afterwards.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public void send(byte[] bytes) {
        finish(bytes, "application/octet-stream");
    }

    /**
     * Sends a value as JSON: records, collections, maps and plain objects; times as ISO 8601 text.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON; nothing is sent then
     * @throws IllegalStateException if the answer is sent
     */
    public void json(Object value) {
        requireUnsent();
        finish(Json.write(exchange.json(), value), "application/json");
    }

    /**
     * Sends an {@code application/problem+json} (RFC 9457) with the request's id.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public void problem(int status, String detail) {
        requireUnsent();
        HttpException problem = new HttpException(status, detail);
        exchange.sendProblem(this, problem);
    }

    /**
     * Sends a 204.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public void noContent() {
        status(204);
        finish(Exchange.NOTHING, "");
    }

    /**
     * Sends a 302 to {@code location}.
     *
     * @throws IllegalStateException if the answer is sent
     */
    public void redirect(String location) {
        redirect(302, location);
    }

    /**
     * Sends a 301, 302, 303, 307 or 308 to {@code location}.
     *
     * @throws IllegalArgumentException if the status is none of these
     * @throws IllegalStateException if the answer is sent
     */
    public void redirect(int status, String location) {
        if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            throw new IllegalArgumentException("redirect status: " + status + "; 301, 302, 303, 307 or 308");
        }
        status(status).header("location", location);
        finish(Exchange.NOTHING, "");
    }

    /**
     * Sends the body piece by piece; the stream's end is the answer's, and it must be closed. Writing blocks while the
     * client is slow, and throws an {@link java.io.IOException} once it has gone. The head goes out with the first flush, or
     * when 8 KiB are written. Set {@code Content-Length} first if it is known.
     *
     * @throws IllegalStateException if the answer is sent, or the handler runs on the event loop
     */
    public OutputStream stream() {
        exchange.requireBlocking("a stream");
        markSent();
        return new ResponseStream(exchange, this);
    }

    /** Whether the answer is sent, or has begun to be. */
    public boolean isSent() {
        return sent;
    }

    boolean isStatusSet() {
        return statusSet;
    }

    /** Name, value, name, value…; not changed after the answer is sent. */
    List<String> headers() {
        return headers;
    }

    /** Takes back what was set, for another answer in its place. */
    void reset(int status) {
        headers.clear();
        contentTypeSet = false;
        this.status = status;
    }

    void finish(byte[] body, String defaultType) {
        markSent();
        if (!contentTypeSet && !defaultType.isEmpty()) {
            add("content-type", defaultType);
        }
        exchange.send(this, body);
    }

    private Response add(String name, String value) {
        if (name.equalsIgnoreCase("content-type")) {
            contentTypeSet = true;
        }
        headers.add(name);
        headers.add(value);
        return this;
    }

    private void markSent() {
        requireUnsent();
        sent = true;
    }

    private void requireUnsent() {
        if (sent) {
            throw new IllegalStateException(
                    "response: already sent with status " + status + " for " + exchange + "; an answer is sent once");
        }
    }
}
