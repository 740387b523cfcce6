package io.lynx.http;

import java.io.OutputStream;

/**
 * The answer to a request, sent once: by one of the {@code send} methods, {@link #json}, {@link #problem}, {@link #noContent},
 * {@link #redirect}, {@link #stream} or {@link #longLived}. For the handler's thread only. Once the request {@linkplain Request#isCancelled is
 * cancelled}, sending does nothing.
 */
public interface Response {
    /**
     * Sets the status; 200 if it is never set.
     *
     * @throws IllegalArgumentException if it is not 200 to 599
     * @throws IllegalStateException if the answer is sent
     */
    Response status(int status);

    /**
     * The status that was sent. Before that, the status that was set; while a failure passes through interceptors, the status
     * that it leads to.
     */
    int status();

    /**
     * Sets a header in place of earlier ones of that name.
     *
     * @throws IllegalArgumentException if name or value hold what a header cannot
     * @throws IllegalStateException if the answer is sent
     */
    Response header(String name, String value);

    /**
     * Adds a header beside earlier ones of that name.
     *
     * @throws IllegalArgumentException if name or value hold what a header cannot
     * @throws IllegalStateException if the answer is sent
     */
    Response addHeader(String name, String value);

    /**
     * Sets the {@code Content-Type}.
     *
     * @throws IllegalStateException if the answer is sent
     */
    Response type(String contentType);

    /**
     * Sets a cookie.
     *
     * @throws IllegalStateException if the answer is sent
     */
    Response cookie(Cookie cookie);

    /**
     * Sends text in UTF-8, as {@code text/plain} unless a type is set.
     *
     * @throws IllegalStateException if the answer is sent
     */
    void send(String text);

    /**
     * Sends bytes, as {@code application/octet-stream} unless a type is set. The array must not be changed afterwards.
     *
     * @throws IllegalStateException if the answer is sent
     */
    void send(byte[] bytes);

    /**
     * Sends a value as JSON: records, collections, maps and plain objects; times as ISO 8601 text.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON; nothing is sent then
     * @throws IllegalStateException if the answer is sent
     */
    void json(Object value);

    /**
     * Sends an {@code application/problem+json} (RFC 9457) with the request's id.
     *
     * @throws IllegalStateException if the answer is sent
     */
    void problem(int status, String detail);

    /**
     * Sends a 204.
     *
     * @throws IllegalStateException if the answer is sent
     */
    void noContent();

    /**
     * Sends a 303 to a path of this server, for locations that clients choose, such as the page after a login. A location that would lead
     * to another server is refused.
     *
     * @throws HttpException (400) if the path does not begin with exactly one slash
     * @throws IllegalStateException if the answer is sent
     */
    void redirectLocal(String path);

    /**
     * Sends a 302 to {@code location}. Characters that a URI cannot have, such as line breaks and letters of other scripts, are
     * percent-encoded.
     *
     * @throws IllegalStateException if the answer is sent
     */
    void redirect(String location);

    /**
     * Sends a 301, 302, 303, 307 or 308 to {@code location}; see {@link #redirect(String)}.
     *
     * @throws IllegalArgumentException if the status is none of these
     * @throws IllegalStateException if the answer is sent
     */
    void redirect(int status, String location);

    /**
     * Sends the body piece by piece; the answer ends when the stream is closed. Writing blocks while the client is slow, and
     * throws an {@link java.io.IOException} once it has gone. The head is sent with the first flush, or when 8 KiB are written.
     * Set {@code Content-Length} first if it is known; an answer of another length is an error and closes the connection.
     *
     * @throws IllegalStateException if the answer is sent, or the handler runs on the event loop
     */
    OutputStream stream();

    /**
     * Sends the head of an answer that lasts for as long as the client stays, such as server-sent events, and returns the stream
     * of its body. What is written is sent by a flush. The answer counts against {@code max_long_lived} and no longer against
     * {@code max_in_flight}, and it has no time limit.
     *
     * <p>A shutdown does not wait for it: {@code onDrain} is called when the drain begins, and in the middle of the shutdown's
     * budget the server completes what is still open. Writing throws an {@link java.io.IOException} from then on and
     * {@link Request#isCancelled} is true; the handler's thread is interrupted. The stream may be used by several threads.
     *
     * @throws HttpException (503) if there are as many long-lived answers as {@code max_long_lived} allows; let it pass
     * @throws IllegalStateException if the answer is sent, or the handler runs on the event loop
     */
    OutputStream longLived(DrainCallback onDrain);

    /** Begins an answer that consists of server-sent events, with the default options; see {@link #events(EventStreamOptions)}. */
    default EventStream events() {
        return events(EventStreamOptions.defaults());
    }

    /**
     * Sends the head of an answer that consists of server-sent events, and returns the stream to which they are sent. It is a
     * {@linkplain #longLived long-lived} answer. An answer to {@code HEAD} ends with its head.
     *
     * @throws HttpException (503) if there are as many long-lived answers as {@code max_long_lived} allows; let it pass
     * @throws IllegalStateException if the answer is sent, or the handler runs on the event loop
     */
    EventStream events(EventStreamOptions options);

    /** Returns whether the answer was sent or has begun. */
    boolean isSent();
}
