package io.lynx.transport.engine.outgoing;

import io.lynx.transport.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes calls as HTTP/1.1 (RFC 9112). Stateless. */
final class RequestBytes {
    private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
    private static final int TYPICAL_HEAD = 512;

    private RequestBytes() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the head, and the body if it is complete. */
    static ByteBuf of(OutgoingHead head, ByteBufAllocator allocator) {
        OutgoingHead.Body body = head.body();
        int length = body == null ? 0 : body.bytes().length;
        ByteBuf out = allocator.buffer(TYPICAL_HEAD + length);
        text(out, head.method());
        out.writeByte(' ');
        text(out, head.target());
        out.writeBytes(VERSION_AND_HOST);
        text(out, head.authority());
        out.writeBytes(LINE_END);
        List<String> headers = head.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            text(out, headers.get(i));
            out.writeBytes(COLON);
            text(out, headers.get(i + 1));
            out.writeBytes(LINE_END);
        }
        if (head.isStreamed() && head.length() < 0) {
            out.writeBytes(CHUNKED);
        } else if (body != null || head.isStreamed() || expectsBody(head.method())) {
            out.writeBytes(CONTENT_LENGTH);
            text(out, Long.toString(body == null ? head.length() : length));
            out.writeBytes(LINE_END);
        }
        out.writeBytes(LINE_END);
        if (body != null) {
            out.writeBytes(body.bytes());
        }
        return out;
    }

    /** Such a request says that it has no body (RFC 9110, 8.6). */
    private static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    /** Returns a piece of a body as a chunk. */
    static ByteBuf chunk(byte[] bytes, int offset, int length) {
        ByteBuf size = Unpooled.wrappedBuffer(ascii(Integer.toHexString(length) + "\r\n"));
        return Unpooled.wrappedBuffer(
                size, Unpooled.wrappedBuffer(bytes, offset, length), Unpooled.wrappedBuffer(LINE_END));
    }

    /** Returns the end of a body of chunks. */
    static ByteBuf lastChunk() {
        return Unpooled.wrappedBuffer(LAST_CHUNK);
    }
}
