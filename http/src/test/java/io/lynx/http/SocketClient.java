package io.lynx.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A client of WebSockets that sends what it is told, frame by frame or byte by byte. */
final class SocketClient implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;
    static final int RSV1 = 0x40;
    static final int FIN = 0x80;

    final RawClient raw;

    /** A frame of the server. */
    record Frame(int first, List<Byte> payload) {
        byte[] bytes() {
            byte[] bytes = new byte[payload.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = payload.get(i);
            }
            return bytes;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        /** Such as {@code text hello}, {@code binary 00ff}, {@code close 1000 bye} or {@code pong 01}. */
        @Override
        public String toString() {
            String kind =
                    switch (first & 0x0f) {
                        case 0 -> "continuation";
                        case 1 -> "text";
                        case 2 -> "binary";
                        case 8 -> "close";
                        case 9 -> "ping";
                        default -> "pong";
                    };
            boolean isText = (first & 0x0f) == 1 && (first & RSV1) == 0;
            String content = isText ? text() : HexFormat.of().formatHex(bytes());
            if ((first & 0x0f) == 8 && payload.size() >= 2) {
                int code = (payload.get(0) & 0xff) << 8 | (payload.get(1) & 0xff);
                content = Integer.toString(code);
            }
            return ((first & FIN) == 0 ? "first " : "")
                    + ((first & RSV1) == 0 ? "" : "compressed ")
                    + kind
                    + (content.isEmpty() ? "" : " " + content);
        }
    }

    SocketClient(RawClient raw) {
        this.raw = raw;
    }

    /** Opens a socket at {@code path}. */
    static SocketClient open(TestServer server, String path, String... headers) throws IOException {
        return open(server.raw(), path, headers);
    }

    static SocketClient open(RawClient raw, String path, String... headers) throws IOException {
        RawClient.Answer answer = handshake(raw, path, headers);
        if (answer.status() != 101) {
            throw new IOException("handshake: " + answer);
        }
        return new SocketClient(raw);
    }

    /** Sends a handshake and reads the head of the answer. */
    static RawClient.Answer handshake(RawClient raw, String path, String... headers) throws IOException {
        raw.send(request(path, headers));
        RawClient.Answer head = raw.answer(false);
        if (head.status() == 101) {
            return head;
        }
        return new RawClient.Answer(head.status(), head.headers(), new String(raw.body(head), StandardCharsets.UTF_8));
    }

    /** Returns a valid handshake, in which each of {@code headers} takes the place of that of its name. */
    static String request(String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(
                "Host: localhost",
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + KEY));
        for (String header : headers) {
            String name = name(header);
            all.removeIf(other -> name(other).equals(name));
        }
        Arrays.stream(headers).filter(header -> !header.endsWith(": ")).forEach(all::add);
        return "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", all) + "\r\n\r\n";
    }

    private static String name(String header) {
        return header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    // Sending.

    static byte[] frame(int first, String text) {
        return frame(first, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a frame that is masked, with its length in the shortest form. */
    static byte[] frame(int first, byte[] payload) {
        return frame(first, payload, true);
    }

    static byte[] frame(int first, byte[] payload, boolean isMasked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = isMasked ? 0x80 : 0;
        int bytes = payload.length < 126 ? 0 : payload.length <= 0xffff ? 2 : 8;
        out.write(mask | (bytes == 0 ? payload.length : bytes == 2 ? 126 : 127));
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) ((long) payload.length >> shift));
        }
        if (!isMasked) {
            out.writeBytes(payload);
            return out.toByteArray();
        }
        byte[] key = new byte[4];
        ThreadLocalRandom.current().nextBytes(key);
        out.writeBytes(key);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ key[i & 3]);
        }
        return out.toByteArray();
    }

    /** Returns the payload of a close frame. */
    static byte[] status(int code, String reason) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(code >> 8);
        out.write(code);
        out.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** Returns a compressed message without the four bytes that end each (RFC 7692, 7.2.1). */
    static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 1024];
        int count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, count - 4);
    }

    static byte[] inflated(byte[] compressed, int most) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        byte[] input = Arrays.copyOf(compressed, compressed.length + 4);
        input[compressed.length + 2] = (byte) 0xff;
        input[compressed.length + 3] = (byte) 0xff;
        inflater.setInput(input);
        byte[] out = new byte[most];
        int count = inflater.inflate(out);
        inflater.end();
        return Arrays.copyOf(out, count);
    }

    void send(int first, String text) throws IOException {
        raw.send(frame(first, text));
    }

    void send(int first, byte[] payload) throws IOException {
        raw.send(frame(first, payload));
    }

    void close(int code) throws IOException {
        send(CLOSE, status(code, ""));
    }

    // Receiving.

    Frame read() throws IOException {
        byte[] head = raw.readExactly(2);
        int length = head[1] & 0xff;
        if (length > 127) {
            throw new IOException("a frame of the server is masked");
        }
        if (length >= 126) {
            long longer = 0;
            for (byte b : raw.readExactly(length == 126 ? 2 : 8)) {
                longer = longer << 8 | (b & 0xff);
            }
            length = Math.toIntExact(longer);
        }
        byte[] payload = raw.readExactly(length);
        List<Byte> bytes = new ArrayList<>(length);
        for (byte b : payload) {
            bytes.add(b);
        }
        return new Frame(head[0] & 0xff, bytes);
    }

    /** Every frame until the server ends the connection, as text. */
    List<String> rest() {
        List<String> all = new ArrayList<>();
        try {
            while (true) {
                all.add(read().toString());
            }
        } catch (EOFException ended) {
            return all;
        } catch (IOException broken) {
            all.add("broken: " + broken.getMessage());
            return all;
        }
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
