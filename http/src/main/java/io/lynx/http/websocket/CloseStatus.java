package io.lynx.http.websocket;

import java.nio.charset.StandardCharsets;

/**
 * Why a {@link WebSocket} was closed (RFC 6455, 7.4).
 *
 * @param code one of the constants, a code of the application (4000 to 4999), or one that is registered with IANA
 * @param reason a short text for the other end's developers; empty if there is none
 */
public record CloseStatus(int code, String reason) {
    /** The purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;

    /** The server is shutting down, or the page was left. */
    public static final int GOING_AWAY = 1001;

    /** A frame breaks the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** Text was expected and bytes were received, or the other way round. */
    public static final int UNSUPPORTED_DATA = 1003;

    /** The client closed the socket without a code; never sent. */
    public static final int NO_CODE = 1005;

    /** The connection was lost; never sent. */
    public static final int ABNORMAL = 1006;

    /** A message is not what it claims to be, such as text that is not UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** The client may not do that. */
    public static final int POLICY_VIOLATION = 1008;

    /** A message exceeds the limit. */
    public static final int TOO_BIG = 1009;

    /** The server failed. */
    public static final int INTERNAL_ERROR = 1011;

    /** The plugin that serves the socket is restarting; the client may connect again. */
    public static final int SERVICE_RESTART = 1012;

    /** The server has too much to do; the client may connect again later. */
    public static final int TRY_AGAIN_LATER = 1013;

    private static final int MOST_BYTES = 123;

    /** A status whose reason is cut to 123 bytes of UTF-8, which is what a frame can hold. */
    public CloseStatus {
        reason = cut(reason);
    }

    /** Returns whether a frame may have {@code code}. */
    public static boolean isSendable(int code) {
        return (code >= NORMAL && code <= UNSUPPORTED_DATA)
                || (code >= INVALID_DATA && code <= 1014)
                || (code >= 3000 && code <= 4999);
    }

    private static String cut(String text) {
        // No character has less than one byte.
        String shorter = text.substring(0, Math.min(text.length(), MOST_BYTES));
        while (shorter.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
        }
        boolean isPairBroken = !shorter.isEmpty()
                && shorter.length() < text.length()
                && Character.isHighSurrogate(shorter.charAt(shorter.length() - 1));
        return isPairBroken ? shorter.substring(0, shorter.length() - 1) : shorter;
    }
}
