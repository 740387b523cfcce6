package io.lynx.http.client;

import io.lynx.recovery.Classification.HttpStatusFailure;
import org.jspecify.annotations.Nullable;

/**
 * A call has no usable answer. Its message names the client, the method and the template of the path, and what to change; it
 * holds nothing that was sent or received. {@link HttpStatusException} stands for an answer whose status is an error.
 */
public final class HttpCallException extends RuntimeException implements HttpStatusFailure {
    private final String client;
    private final Reason reason;

    /** Why there is no answer. */
    public enum Reason {
        /** The name of the server cannot be resolved, or discovery finds no address. */
        UNKNOWN_HOST,
        /** No connection could be made. */
        UNREACHABLE,
        /** TLS failed: a certificate is not trusted, has expired, or is missing. */
        TLS,
        /** All connections were in use for too long, or too many calls waited for one. */
        BUSY,
        /** A time limit of the client was exceeded. */
        TIMED_OUT,
        /** The time of the request on whose behalf the call was made is over. */
        DEADLINE_EXCEEDED,
        /** The connection ended before the answer was complete. */
        CONNECTION_LOST,
        /** The answer is not valid HTTP, or its content is not what its headers announce. */
        MALFORMED,
        /** The answer is larger than the client allows. */
        TOO_LARGE,
        /** The client was closed. */
        CLOSED
    }

    /** Creates a failure. */
    public HttpCallException(String client, Reason reason, String message, @Nullable Throwable cause) {
        super(client + ": " + message, cause);
        this.client = client;
        this.reason = reason;
    }

    /** Returns the name of the client. */
    public String client() {
        return client;
    }

    /** Returns why there is no answer. */
    public Reason reason() {
        return reason;
    }

    /** Returns whether a time limit was exceeded. */
    public boolean isTimeout() {
        return reason == Reason.TIMED_OUT || reason == Reason.DEADLINE_EXCEEDED;
    }

    /** Returns the status that a gateway answers in this case: 504 for a time limit, otherwise 502. */
    @Override
    public int status() {
        return isTimeout() ? 504 : 502;
    }
}
