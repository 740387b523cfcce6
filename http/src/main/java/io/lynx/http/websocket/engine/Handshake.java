package io.lynx.http.websocket.engine;

import io.lynx.http.HttpException;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.http.websocket.WebSocketOptions;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of one client (RFC 6455, 4.2). Immutable.
 *
 * @param key of the client
 * @param subprotocol that was chosen; null if none was
 * @param extension that was chosen, as the answer names it; null if none was
 */
record Handshake(
        String key, @Nullable String subprotocol, @Nullable String extension) {
    static final String PROTOCOL = "websocket";

    private static final String VERSION = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_LENGTH = 24;
    private static final int KEY_BYTES = 16;

    /**
     * Reads a handshake.
     *
     * @throws HttpException (426) if the request does not ask for a WebSocket of this version; (400) if it is malformed
     */
    static Handshake of(Head head, boolean hasBody, WebSocketOptions options) {
        if (head.protocol() != Protocol.HTTP_1_1) {
            throw upgradeRequired("a WebSocket is opened over HTTP/1.1");
        }
        if (!head.method().equals("GET") || !head.offersUpgrade(PROTOCOL)) {
            throw upgradeRequired("this path serves WebSockets");
        }
        if (head.headers("connection").stream().anyMatch(value -> HeaderText.hasToken(value, "close"))) {
            throw new HttpException(400, "header Connection: close and a WebSocket exclude each other");
        }
        if (hasBody) {
            throw new HttpException(400, "a request for a WebSocket has no body");
        }
        if (!head.headers("sec-websocket-version").equals(List.of(VERSION))) {
            throw upgradeRequired("header Sec-WebSocket-Version: only 13 is supported");
        }
        List<String> keys = head.headers("sec-websocket-key");
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw new HttpException(400, "header Sec-WebSocket-Key: exactly one, of 16 bytes in base64");
        }
        List<String> extensions = head.headers("sec-websocket-extensions");
        String extension = ExtensionOffers.choose(extensions);
        return new Handshake(
                keys.getFirst(),
                subprotocol(head.headers("sec-websocket-protocol"), options.subprotocols()),
                options.compression() ? extension : null);
    }

    private static HttpException upgradeRequired(String detail) {
        return new HttpException(426, detail, Map.of("Upgrade", PROTOCOL, "Sec-WebSocket-Version", VERSION));
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static @Nullable String subprotocol(List<String> headers, List<String> supported) {
        List<String> offered = new ArrayList<>();
        for (String header : headers) {
            for (String name : header.split(",", -1)) {
                offered.add(name.strip());
            }
        }
        if (!offered.stream().allMatch(HeaderText::isToken)) {
            throw new HttpException(400, "header Sec-WebSocket-Protocol: names separated by commas");
        }
        return supported.stream().filter(offered::contains).findFirst().orElse(null);
    }

    /** Whether messages may be compressed. */
    boolean isCompressed() {
        return extension != null;
    }

    /** Returns the headers of the answer: name, value, name, value…. */
    List<String> headers() {
        List<String> headers = new ArrayList<>(6);
        headers.addAll(List.of("sec-websocket-accept", accept()));
        if (subprotocol != null) {
            headers.addAll(List.of("sec-websocket-protocol", subprotocol));
        }
        if (extension != null) {
            headers.addAll(List.of("sec-websocket-extensions", extension));
        }
        return headers;
    }

    private String accept() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
