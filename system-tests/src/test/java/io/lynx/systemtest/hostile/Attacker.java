package io.lynx.systemtest.hostile;

import io.lynx.systemtest.load.Http2Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** One hostile connection, which writes bytes and frames as it likes. Write errors are ignored: the server may end it. */
final class Attacker implements AutoCloseable {
    private final Socket raw;
    private final Socket socket;
    private volatile boolean ended;

    /**
     * A connection.
     *
     * @param raw the connection itself
     * @param socket what bytes are written to: the same, or TLS on it
     */
    Attacker(Socket raw, Socket socket) {
        this.raw = raw;
        this.socket = socket;
    }

    Attacker text(String text) {
        return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Attacker bytes(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } catch (IOException end) {
            ended = true;
        }
        return this;
    }

    /** Whether the server has ended the connection. */
    boolean isEnded() {
        return ended;
    }

    /** The bytes of a frame. */
    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return new Http2Frame(type, flags, stream, payload).bytes();
    }

    /** The header block of a request, as literals (RFC 7541, 6.2.2). */
    static byte[] request(String method, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        String[] fields = {":method", method, ":scheme", "http", ":path", path, ":authority", "localhost"};
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            for (String text : new String[] {fields[i], fields[i + 1]}) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return block.toByteArray();
    }

    /** Begins a handshake again: a renegotiation (TLS 1.2) or an update of the keys (TLS 1.3). */
    Attacker handshakeAgain() {
        try {
            ((SSLSocket) socket).startHandshake();
        } catch (IOException end) {
            ended = true;
        }
        return this;
    }

    /** Waits for the first bytes of the server; at most ten seconds. */
    Attacker awaitBytes() {
        try {
            ended |= raw.getInputStream().read(new byte[64]) < 0;
        } catch (IOException end) {
            ended = true;
        }
        return this;
    }

    /** Goes away by a reset. */
    void reset() throws IOException {
        if (!raw.isClosed()) {
            raw.setSoLinger(true, 0);
            raw.close();
        }
    }

    /** Goes away by a FIN; inside of TLS without {@code close_notify}. */
    @Override
    public void close() throws IOException {
        raw.close();
    }
}
