package io.lynx.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A client that sends the frames of one conformance case and reports what the server does about them. Frames are written as bytes,
 * so that they can break every rule (RFC 9113, 4 and 6). Header blocks are literals without Huffman coding unless a case
 * says otherwise (RFC 7541).
 */
final class Http2Script implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 0x20;

    /** {@code :status: 200} in the static table. */
    private static final int INDEXED_200 = 0x88;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final long PING_DATA = 0x6c796e785f686921L;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    @SuppressWarnings("ArrayRecordComponent") // Read once and never compared.
    private record Frame(int type, int flags, int stream, byte[] payload) {
        int intAt(int index) {
            return ByteBuffer.wrap(payload).getInt(index);
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    Http2Script(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects, and exchanges preface and settings. */
    static Http2Script greeted(int port, int... settings) throws IOException {
        Http2Script script = new Http2Script(port);
        script.raw(PREFACE.getBytes(StandardCharsets.US_ASCII)).settings(settings);
        script.until(frame -> frame.type() == SETTINGS && frame.has(ACK));
        return script;
    }

    // Sending. A write error is ignored: a server may end the connection before it has read all, and the outcome tells.

    Http2Script raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException _) {
            // The connection has ended; reading shows how.
        }
        return this;
    }

    Http2Script frame(int type, int flags, int stream, byte... payload) {
        return raw(ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    Http2Script settings(int... namesAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(3 * namesAndValues.length);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            payload.putShort((short) namesAndValues[i]).putInt(namesAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    Http2Script settingsAcknowledged(int... namesAndValues) throws IOException {
        settings(namesAndValues).until(frame -> frame.type() == SETTINGS && frame.has(ACK));
        return this;
    }

    /** A GET of {@code /}, whole. */
    Http2Script get(int stream) {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, request("GET"));
    }

    /** The head of a POST to {@code /} whose body follows. */
    Http2Script post(int stream, byte... extra) {
        return frame(HEADERS, END_HEADERS, stream, join(request("POST"), extra));
    }

    Http2Script data(int stream, int flags, String text) {
        return frame(DATA, flags, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    Http2Script windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, ints(increment));
    }

    Http2Script priority(int stream, int dependency, int weight) {
        return frame(PRIORITY, 0, stream, join(ints(dependency), (byte) (weight - 1)));
    }

    Http2Script reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, ints(code));
    }

    Http2Script ping() {
        return frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(PING_DATA).array());
    }

    // Payloads.

    static byte[] ints(int... values) {
        ByteBuffer payload = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            payload.putInt(value);
        }
        return payload.array();
    }

    static byte[] join(byte[] first, byte... second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    static byte[] request(String method) {
        return fields(":method", method, ":scheme", "http", ":path", "/", ":authority", "localhost");
    }

    /** Literals without indexing, with new names. */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            block.writeBytes(text(namesAndValues[i]));
            block.writeBytes(text(namesAndValues[i + 1]));
        }
        return block.toByteArray();
    }

    /** A string literal that is shorter than 127 bytes. */
    static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return join(new byte[] {(byte) bytes.length}, bytes);
    }

    // Outcomes.

    /** Reads up to an answer on {@code stream} that is complete, or an error. */
    String answer(int stream) throws IOException {
        boolean[] success = {false};
        return outcome(frame -> {
            if (frame.stream() == stream && frame.type() == HEADERS) {
                int block = frame.has(WITH_PRIORITY) ? 5 : 0;
                success[0] |= (frame.payload()[block] & 0xff) == INDEXED_200;
            }
            boolean ends = frame.stream() == stream
                    && (frame.type() == HEADERS || frame.type() == DATA)
                    && frame.has(END_STREAM);
            return ends ? success[0] ? "answered" : "answered with an error status" : "";
        });
    }

    /** Reads up to the acknowledgement of a {@link #ping}, or an error. */
    String pong() throws IOException {
        return outcome(frame -> {
            boolean isOurs = frame.type() == PING
                    && frame.has(ACK)
                    && ByteBuffer.wrap(frame.payload()).getLong() == PING_DATA;
            return isOurs ? "pong" : "";
        });
    }

    /** Reads up to DATA, or an error. */
    String firstData(int stream) throws IOException {
        return outcome(frame ->
                frame.type() == DATA && frame.stream() == stream ? "data of " + frame.payload().length + " bytes" : "");
    }

    /** Reads up to an error. */
    String error() throws IOException {
        return outcome(frame -> "");
    }

    /** Reads up to the end of the connection. */
    String end() throws IOException {
        String error = error();
        try {
            while (!error.equals("closed")) {
                read();
            }
            return error;
        } catch (EOFException | java.net.SocketException end) {
            return "closed";
        }
    }

    private interface Decision {
        /** What the frame decides; empty if nothing. */
        String of(Frame frame);
    }

    private String outcome(Decision decision) throws IOException {
        try {
            while (true) {
                Frame frame = read();
                if (frame.type() == GOAWAY && frame.intAt(4) != 0) {
                    return "GOAWAY " + frame.intAt(4);
                }
                if (frame.type() == RST_STREAM && frame.intAt(0) != 0) {
                    return "RST_STREAM " + frame.intAt(0);
                }
                String decided = decision.of(frame);
                if (!decided.isEmpty()) {
                    return decided;
                }
            }
        } catch (EOFException | java.net.SocketException end) {
            return "closed";
        } catch (SocketTimeoutException hang) {
            return "nothing within " + TIMEOUT_MILLIS + " ms";
        }
    }

    private void until(Predicate<Frame> wanted) throws IOException {
        Frame frame = read();
        while (!wanted.test(frame)) {
            frame = read();
        }
    }

    /** Reads a frame; acknowledges settings. */
    private Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & 0x7fff_ffff;
        byte[] payload = new byte[length];
        in.readFully(payload);
        Frame frame = new Frame(type, flags, stream, payload);
        if (type == SETTINGS && !frame.has(ACK)) {
            frame(SETTINGS, ACK, 0);
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
