package io.lynx.systemtest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which anything can be written. Not thread-safe. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();

    Wire(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
    }

    /** Writes what the server still takes; one that has closed is not an error here. */
    Wire write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // It has had enough; what it answered before is what counts.
        }
        return this;
    }

    /** Writes characters as their low bytes. */
    Wire write(String text) {
        return write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Everything until the server closes; a reset ends it too. */
    String readAll() {
        var all = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.write(next);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError(
                    "the server neither closes nor answers; so far: " + all.toString(StandardCharsets.ISO_8859_1), e);
        } catch (IOException e) {
            all.writeBytes("(reset)".getBytes(StandardCharsets.ISO_8859_1));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** The first line of the answer. */
    String readLine() throws IOException {
        var line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Ends it as a crashed client does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
