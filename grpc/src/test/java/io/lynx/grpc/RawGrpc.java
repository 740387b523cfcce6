package io.lynx.grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A client that writes the frames of HTTP/2 itself, right and wrong ones, without a dynamic table and Huffman codes. */
final class RawGrpc implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PRIORITY = 32;

    private static final String[] STATIC = {
        "",
        ":authority",
        ":method",
        ":method",
        ":path",
        ":path",
        ":scheme",
        ":scheme",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date"
    };

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** What has arrived of each stream. */
    final Map<Integer, Answer> answers = new TreeMap<>();

    /** The last stream that a GOAWAY named; -1 before one. */
    int goAway = -1;

    private boolean isPingAnswered;
    private boolean isHalfClosed;

    /** What one stream has received. */
    static final class Answer {
        final Map<String, String> headers = new LinkedHashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean hasEnded;
        long reset = -1;

        String status() {
            return headers.getOrDefault("grpc-status", "none");
        }
    }

    RawGrpc(int port) throws IOException {
        this(port, 65_535);
    }

    /** Connects, and lets the server send so many bytes of each stream. */
    RawGrpc(int port, int window) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        // No dynamic table, and the window.
        frame(SETTINGS, 0, 0, new byte[] {
            0, 1, 0, 0, 0, 0, 0, 4, (byte) (window >> 24), (byte) (window >> 16), (byte) (window >> 8), (byte) window
        });
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.write(stream >> 24);
        frame.write(stream >> 16);
        frame.write(stream >> 8);
        frame.write(stream);
        frame.writeBytes(payload);
        if (isHalfClosed) {
            return;
        }
        out.write(frame.toByteArray());
        out.flush();
    }

    /** Sends a head; {@code more} are names and values in turn. */
    void head(int stream, String path, int flags, String... more) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "POST");
        field(block, ":scheme", "http");
        field(block, ":path", path);
        field(block, ":authority", "localhost");
        boolean hasType = false;
        for (int i = 0; i < more.length; i += 2) {
            hasType |= more[i].equals("content-type");
        }
        if (!hasType) {
            field(block, "content-type", "application/grpc");
        }
        field(block, "te", "trailers");
        for (int i = 0; i < more.length; i += 2) {
            field(block, more[i], more[i + 1]);
        }
        frame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write((rest & 127) | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** A message as it is framed. */
    static byte[] message(int flag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return prefixed(flag, bytes.length, bytes);
    }

    static byte[] prefixed(int flag, int length, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(flag);
        out.write(length >> 24);
        out.write(length >> 16);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    void data(int stream, byte[] bytes, int flags) throws IOException {
        frame(DATA, flags, stream, bytes);
    }

    /** Makes a unary call. */
    void call(int stream, String path, byte[] body, String... more) throws IOException {
        head(stream, path, 0, more);
        data(stream, body, END_STREAM);
    }

    void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** Lets the server send so many bytes more of all streams together. */
    void widen(int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, 0, new byte[] {
            (byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes
        });
    }

    /** Reads what the server has answered to all that was sent before. */
    void awaitPing() throws IOException {
        isPingAnswered = false;
        frame(PING, 0, 0, new byte[8]);
        while (!isPingAnswered && readFrame()) {
            // It is the frame of some stream.
        }
    }

    /** Ends what this client sends, so that it can only read. */
    void halfClose() throws IOException {
        isHalfClosed = true;
        socket.shutdownOutput();
    }

    /** Reads until the stream has ended. */
    Answer await(int stream) throws IOException {
        Answer answer = answers.computeIfAbsent(stream, _ -> new Answer());
        while (!answer.hasEnded && readFrame()) {
            // It is the frame of some stream.
        }
        return answer;
    }

    /** Reads one frame; returns false at the end of the connection. */
    boolean readFrame() throws IOException {
        try {
            receiveFrame();
            return true;
        } catch (EOFException | SocketException closed) {
            answers.values().forEach(answer -> answer.hasEnded = true);
            return false;
        }
    }

    private void receiveFrame() throws IOException {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case SETTINGS -> {
                if ((flags & 1) == 0) {
                    acknowledge(SETTINGS, new byte[0]);
                }
            }
            case PING -> {
                isPingAnswered |= (flags & 1) != 0;
                if ((flags & 1) == 0) {
                    acknowledge(PING, payload);
                }
            }
            case GOAWAY -> goAway = intAt(payload, 0);
            case HEADERS, DATA, RST_STREAM -> received(type, flags, stream, payload);
            default -> {}
        }
    }

    private void acknowledge(int type, byte[] payload) throws IOException {
        try {
            frame(type, 1, 0, payload);
        } catch (SocketException closed) {
            // The server has closed its connection; what it sent before can be read all the same.
        }
    }

    private void received(int type, int flags, int stream, byte[] payload) {
        Answer answer = answers.computeIfAbsent(stream, _ -> new Answer());
        if (type == HEADERS) {
            decode(payload, (flags & PRIORITY) == 0 ? 0 : 5, answer.headers);
        } else if (type == DATA) {
            answer.body.writeBytes(payload);
        } else {
            answer.reset = intAt(payload, 0);
            answer.hasEnded = true;
        }
        answer.hasEnded |= type != RST_STREAM && (flags & END_STREAM) != 0;
    }

    private static int intAt(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 24)
                | ((bytes[at + 1] & 0xff) << 16)
                | ((bytes[at + 2] & 0xff) << 8)
                | (bytes[at + 3] & 0xff);
    }

    private static void decode(byte[] block, int start, Map<String, String> headers) {
        int at = start;
        while (at < block.length) {
            int first = block[at++] & 0xff;
            if ((first & 0x80) != 0) {
                int index = first & 0x7f;
                headers.put(STATIC[index], index == 8 ? "200" : "index " + index);
                continue;
            }
            if ((first & 0xe0) == 0x20) {
                continue; // The size of the table.
            }
            int index = first & ((first & 0x40) != 0 ? 0x3f : 0x0f);
            int[] position = {at};
            if ((first & 0x40) == 0 && index == 0x0f) {
                index += number(block, position, 0);
            }
            String name =
                    index == 0 ? string(block, position) : index < STATIC.length ? STATIC[index] : "index " + index;
            headers.put(name, string(block, position));
            at = position[0];
        }
    }

    private static int number(byte[] block, int[] at, int start) {
        int value = start;
        int shift = 0;
        int next;
        do {
            next = block[at[0]++] & 0xff;
            value += (next & 127) << shift;
            shift += 7;
        } while ((next & 128) != 0);
        return value;
    }

    private static String string(byte[] block, int[] at) {
        int length = block[at[0]++] & 0x7f;
        if (length == 127) {
            length = number(block, at, 127);
        }
        String text = new String(block, at[0], length, StandardCharsets.ISO_8859_1);
        at[0] += length;
        return text;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
