package io.lynx.http;

/**
 * The client has gone before its request was read or its answer written. A handler lets this exception pass; it is counted and
 * not logged.
 */
public final class ClientGoneException extends RuntimeException {
    /** An exception without a stack trace. */
    public ClientGoneException() {
        super("client gone: the connection or stream was closed by the client", null, false, false);
    }
}
