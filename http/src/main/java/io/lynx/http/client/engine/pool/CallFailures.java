package io.lynx.http.client.engine.pool;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.transport.OutgoingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Makes the exceptions of one call. Nothing that was sent or received becomes part of a message. Immutable and thread-safe.
 *
 * @param limits of the client
 * @param subject the method and the template of the path
 */
public record CallFailures(ClientLimits limits, String subject) {
    public HttpCallException of(Reason reason, String message, Throwable cause) {
        return new HttpCallException(limits.name(), reason, subject + ": " + message, cause);
    }

    public HttpCallException of(Reason reason, String message) {
        return new HttpCallException(limits.name(), reason, subject + ": " + message, null);
    }

    /** The time is over. */
    public HttpCallException timedOut(CallTime time) {
        return timedOut(time.passed(), time.length());
    }

    public HttpCallException timedOut(TimeLimitKind kind, Duration length) {
        return switch (kind) {
            case DEADLINE -> of(Reason.DEADLINE_EXCEEDED, "the time of the request that needs the answer is over");
            // Nothing was sent, so another server can be tried.
            case CONNECT -> of(Reason.UNREACHABLE, within(kind, length));
            case READ, ATTEMPT, TOTAL -> of(Reason.TIMED_OUT, within(kind, length));
        };
    }

    private static String within(TimeLimitKind kind, Duration length) {
        return kind.what() + " within " + length.toMillis() + "ms (" + kind.key() + ")";
    }

    public HttpCallException failed(OutgoingException failure, String address) {
        Reason reason =
                switch (failure.kind()) {
                    case CONNECT -> Reason.UNREACHABLE;
                    case TLS -> Reason.TLS;
                    case LOST, UNPROCESSED -> Reason.CONNECTION_LOST;
                    case MALFORMED -> Reason.MALFORMED;
                    case HEAD_TOO_LARGE -> Reason.TOO_LARGE;
                };
        return of(reason, failure.getMessage() + " (" + address + ")", failure);
    }

    HttpCallException busy(int connections, String address) {
        return of(
                Reason.BUSY,
                "all " + connections + " connections to " + address + " stayed in use for "
                        + limits.maxWait().toMillis() + "ms; see " + limits.section() + ".max_connections");
    }

    /** No connection to the address is open, and the one that is being opened takes too long. */
    HttpCallException unconnected(String address) {
        return of(
                Reason.UNREACHABLE,
                "no connection to " + address + " within " + limits.maxWait().toMillis() + "ms (max_wait)");
    }

    HttpCallException queueFull(String address) {
        return of(
                Reason.BUSY,
                limits.maxWaiting() + " calls wait for a connection to " + address + "; see " + limits.section()
                        + ".max_waiting");
    }

    /** The call was sent, and nothing can wait for its answer any more. */
    public HttpCallException abandoned() {
        return of(Reason.CONNECTION_LOST, "the client was closed before the answer was complete");
    }

    public HttpCallException closed() {
        return of(Reason.CLOSED, "the client is closed");
    }

    public HttpCallException tooLarge() {
        return of(
                Reason.TOO_LARGE,
                "the body of the answer is larger than " + limits.maxBodySize() + " bytes; see " + limits.section()
                        + ".max_body_size");
    }

    /** Refuses the body of a call that has not the length that was announced. */
    public void requireLength(long announced, long found) {
        if (announced >= 0 && announced != found) {
            throw new IllegalArgumentException(
                    limits.name() + ": " + subject + ": the body has " + (found > announced ? "more than " : "only ")
                            + Math.min(found, announced) + " bytes; " + announced + " were announced");
        }
    }

    /** The body of a call could not be read. */
    public UncheckedIOException unreadable(IOException failure) {
        return new UncheckedIOException(limits.name() + ": " + subject + ": the body cannot be read", failure);
    }

    /** The calling thread was interrupted; its flag is set again. */
    public CancellationException interrupted() {
        Thread.currentThread().interrupt();
        return new CancellationException(limits.name() + ": " + subject + ": the calling thread was interrupted");
    }
}
