package io.lynx.http;

/**
 * The client has gone before its request was read or its answer written: there is nobody left to work for. A handler lets
 * it pass; it is counted, not logged.
 */
public final class ClientGoneException extends RuntimeException {
    ClientGoneException() {
        super("client gone: the connection or stream was closed by the client", null, false, false);
    }
}
