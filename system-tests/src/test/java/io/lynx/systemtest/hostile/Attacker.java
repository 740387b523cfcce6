package io.lynx.systemtest.hostile;

import io.lynx.systemtest.load.Http2Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One hostile connection, which writes bytes and frames as it likes. Write errors are ignored: the server may end it. */
final class Attacker implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private volatile boolean ended;

    private Attacker(Socket socket) {
        this.socket = socket;
    }

    /** Connects; a small receive buffer makes the server's output pile up soon. */
    static Attacker connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return new Attacker(socket);
    }

    /** Connects and begins HTTP/2 with these settings. */
    static Attacker http2(int port, int... settings) throws IOException {
        return connect(port)
                .bytes(Http2Frame.PREFACE)
                .bytes(Http2Frame.settings(settings).bytes());
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

    /** Goes away by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
