package io.lynx.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that speaks HTTP/2 frame by frame (RFC 9113, 4 and 6). */
final class Http2RawClient implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    private final RawClient raw;
    /** The last stream that the last GOAWAY named; -1 before one. */
    int lastStream = -1;

    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    record Frame(int type, int flags, int stream, ByteBuf payload) {
        boolean isAck() {
            return (flags & 1) != 0;
        }

        /** The first four bytes, without the reserved bit. */
        int number() {
            return payload.getInt(0) & 0x7fffffff;
        }
    }

    Http2RawClient(int port) throws IOException {
        this(new RawClient(port));
        greet();
    }

    Http2RawClient(Socket socket) throws IOException {
        this(new RawClient(socket));
        greet();
    }

    /** After an upgrade. */
    Http2RawClient(RawClient raw) {
        this.raw = raw;
    }

    void greet() throws IOException {
        raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        raw.send(frame(type, flags, stream, payload));
    }

    void send(byte[] frames) throws IOException {
        raw.send(frames);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A request without a body. */
    void get(int stream, String path) throws Exception {
        send(HEADERS, 5, stream, head("GET", path));
    }

    /** The same with a header of its own. */
    void get(int stream, String path, String header, String value) throws Exception {
        send(HEADERS, 5, stream, encoded(headers("GET", path).add(header, value)));
    }

    /** The head of a request whose body follows. */
    void post(int stream, String path, long length) throws Exception {
        send(HEADERS, 4, stream, encoded(headers("POST", path).addLong("content-length", length)));
    }

    byte[] head(String method, String path) throws Http2Exception {
        return encoded(headers(method, path));
    }

    byte[] trailers(String name, String value) throws Http2Exception {
        return encoded(new DefaultHttp2Headers().add(name, value));
    }

    private static Http2Headers headers(String method, String path) {
        return new DefaultHttp2Headers()
                .method(method)
                .scheme("http")
                .authority("localhost")
                .path(path);
    }

    private byte[] encoded(Http2Headers headers) throws Http2Exception {
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(3, headers, block);
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        return bytes;
    }

    /** The next frame; acknowledges settings and pings on the way. */
    Frame next() throws IOException {
        ByteBuffer header = ByteBuffer.wrap(raw.readExactly(9));
        int length = ((header.get() & 0xff) << 16) | (header.getShort() & 0xffff);
        Frame frame = new Frame(
                header.get(), header.get() & 0xff, header.getInt(), Unpooled.wrappedBuffer(raw.readExactly(length)));
        if (frame.type() == SETTINGS && !frame.isAck()) {
            acknowledge(SETTINGS, new byte[0]);
        }
        if (frame.type() == PING && !frame.isAck()) {
            acknowledge(PING, ByteBufUtil.getBytes(frame.payload()));
        }
        if (frame.type() == GOAWAY) {
            lastStream = frame.number();
        }
        return frame;
    }

    /** What the server sent before it ended the connection can still be read. */
    private void acknowledge(int type, byte[] payload) {
        try {
            send(type, 1, 0, payload);
        } catch (IOException ended) {
            // Reading shows how.
        }
    }

    /** The next frame of that type. */
    Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame.type() != type) {
            frame = next();
        }
        return frame;
    }

    /** Reads on to the end of an answer on {@code stream}: its status and its body. */
    String answer(int stream) throws Exception {
        String status = "";
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = next();
            String decoded = "";
            if (frame.type() == HEADERS) {
                // Every block must be decoded, for the table they share; a priority before it is not part of it.
                frame.payload().skipBytes((frame.flags() & 0x20) != 0 ? 5 : 0);
                decoded = decoder.decodeHeaders(frame.stream(), frame.payload())
                        .status()
                        .toString();
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == RST_STREAM) {
                return status + " reset " + frame.number();
            }
            if (frame.type() == HEADERS) {
                status = decoded;
            }
            if (frame.type() == DATA) {
                body.append(frame.payload().toString(StandardCharsets.UTF_8));
            }
            if ((frame.flags() & 1) != 0) {
                return status + " " + body;
            }
        }
    }

    boolean isEnded() {
        return raw.isEnded();
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
