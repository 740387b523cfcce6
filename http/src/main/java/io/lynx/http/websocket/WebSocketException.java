package io.lynx.http.websocket;

/**
 * Closes a {@link WebSocket}: thrown by its handler, the socket is closed with this code and the message as the reason, which
 * reaches the client. It counts as a failure of the handler only with 1011.
 */
public final class WebSocketException extends RuntimeException {
    private final int code;

    /**
     * Closes a socket with a code and a reason.
     *
     * @throws IllegalArgumentException if the code may not be sent
     */
    public WebSocketException(int code, String reason) {
        super(reason);
        if (!CloseStatus.isSendable(code)) {
            throw new IllegalArgumentException("close code: " + code
                    + "; 4000 to 4999 for the application's own, 3000 to 3999, 1000 to 1003 or 1007 to 1014");
        }
        this.code = code;
    }

    /** Returns the code. */
    public int code() {
        return code;
    }
}
