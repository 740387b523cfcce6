package io.lynx.benchmarks.grpc;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * A connection of the load: calls in a closed loop, a constant number at a time. It writes and reads frames of HTTP/2 itself, and does not
 * decode the heads of answers: a client of a library would need more processor time than the servers. The messages of answers are cut out
 * of their frames and counted, wherever the server has divided them. Its windows are so large that no server ever waits for one. Used by
 * one thread.
 */
final class EchoConnection implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int FRAME_HEAD = 9;
    private static final int LARGE_WINDOW = 1 << 30;
    private static final int WIDEN_AFTER = 1 << 28;

    /** As a client sends them after the first request: each field is an index of the table that the first one has filled. */
    private static final byte[] NEXT_HEAD = {
        (byte) 0x83, (byte) 0x86, (byte) 0xc1, (byte) 0xc0, (byte) 0xbf, (byte) 0xbe
    };

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final String path;
    private final byte[] message;
    private final int answers;
    private final Map<Integer, AnswerCutter> open = new HashMap<>();
    private byte[] buffer = new byte[256 * 1024];
    private int filled;
    private int nextStream = 1;
    private long sinceWindow;
    private long calls;

    /**
     * Connects.
     *
     * @param message with its prefix
     * @param answers how many messages of that size an answer has
     */
    EchoConnection(int port, String path, byte[] message, int answers) throws IOException {
        this.path = path;
        this.message = message;
        this.answers = answers;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        pending.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] window = {0, 4, (byte) (LARGE_WINDOW >> 24), 0, 0, 0};
        frame(SETTINGS, 0, 0, window);
        widen(LARGE_WINDOW);
        flush();
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        pending.write(payload.length >> 16);
        pending.write(payload.length >> 8);
        pending.write(payload.length);
        pending.write(type);
        pending.write(flags);
        integer(stream);
        pending.writeBytes(payload);
    }

    private void integer(int value) {
        pending.write(value >> 24);
        pending.write(value >> 16);
        pending.write(value >> 8);
        pending.write(value);
    }

    private void widen(int bytes) {
        frame(WINDOW_UPDATE, 0, 0, new byte[] {
            (byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes
        });
    }

    private void flush() throws IOException {
        if (pending.size() > 0) {
            pending.writeTo(out);
            pending.reset();
        }
    }

    private void call() {
        frame(HEADERS, END_HEADERS, nextStream, nextStream == 1 ? firstHead() : NEXT_HEAD);
        frame(DATA, END_STREAM, nextStream, message);
        open.put(nextStream, new AnswerCutter(message.length - AnswerCutter.PREFIX));
        nextStream += 2;
    }

    /** Literals that the server adds to its table (RFC 7541, 6.2.1). */
    private byte[] firstHead() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83);
        block.write(0x86);
        field(block, 4, path);
        field(block, 1, "localhost");
        field(block, 31, "application/grpc");
        block.write(0x40);
        text(block, "te");
        text(block, "trailers");
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, int name, String value) {
        block.write(0x40 | name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        block.write(bytes.length);
        block.writeBytes(bytes);
    }

    /** Makes calls, {@code atATime}, until {@code isOver} for the number that has ended; returns how many have. */
    long run(int atATime, LongPredicate isOver) throws IOException {
        calls = 0;
        while (open.size() < atATime) {
            call();
        }
        flush();
        boolean ends = false;
        while (!open.isEmpty()) {
            read();
            ends = ends || isOver.test(calls);
            while (!ends && open.size() < atATime) {
                call();
            }
            flush();
        }
        return calls;
    }

    private void read() throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException(path + ": the server has closed the connection");
        }
        filled += read;
        int at = 0;
        while (filled - at >= FRAME_HEAD) {
            int length = ((buffer[at] & 0xff) << 16) | ((buffer[at + 1] & 0xff) << 8) | (buffer[at + 2] & 0xff);
            if (filled - at < FRAME_HEAD + length) {
                break;
            }
            frame(buffer[at + 3], buffer[at + 4] & 0xff, stream(at + 5), at + FRAME_HEAD, length);
            at += FRAME_HEAD + length;
        }
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
    }

    private int stream(int at) {
        return ((buffer[at] & 0x7f) << 24)
                | ((buffer[at + 1] & 0xff) << 16)
                | ((buffer[at + 2] & 0xff) << 8)
                | (buffer[at + 3] & 0xff);
    }

    private void frame(int type, int flags, int stream, int at, int length) throws IOException {
        switch (type) {
            case DATA -> {
                answer(stream).cut(buffer, at, length);
                sinceWindow += length;
                if (sinceWindow > WIDEN_AFTER) {
                    widen((int) sinceWindow);
                    sinceWindow = 0;
                }
                ended(stream, flags);
            }
            case HEADERS -> ended(stream, flags);
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    frame(SETTINGS, ACK, 0, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, Arrays.copyOfRange(buffer, at, at + length));
                }
            }
            case RST_STREAM, GOAWAY -> throw new IOException(path + ": the server has refused a call, frame " + type);
            default -> {}
        }
    }

    private AnswerCutter answer(int stream) throws IOException {
        AnswerCutter answer = open.get(stream);
        if (answer == null) {
            throw new IOException(path + ": a frame of stream " + stream + ", which is not open");
        }
        return answer;
    }

    private void ended(int stream, int flags) throws IOException {
        if ((flags & END_STREAM) != 0) {
            int received = answer(stream).complete();
            if (received != answers) {
                throw new IOException(path + ": " + received + " messages in an answer; expected " + answers);
            }
            open.remove(stream);
            calls++;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
