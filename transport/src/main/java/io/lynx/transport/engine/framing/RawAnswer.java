package io.lynx.transport.engine.framing;

import io.lynx.transport.ListenerObserver.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers of HTTP/1.1 that are written past the library. Stateless. */
public final class RawAnswer {
    private RawAnswer() {}

    /** Returns the answer to a request that never becomes a stream; the connection ends after it. */
    public static ByteBuf refusing(int status, String date, Refusal refusal) {
        String head = "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\ndate: " + date + "\r\ncontent-type: "
                + refusal.contentType() + "\r\ncontent-length: " + refusal.body().length
                + "\r\nconnection: close\r\n\r\n";
        return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), refusal.body());
    }

    /**
     * Returns the answer that confirms a switch to {@code protocol}.
     *
     * @param headers name, value, name, value…
     * @throws IllegalArgumentException if a header or the protocol is malformed
     */
    public static byte[] switching(String protocol, String date, List<String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        add(head, "connection", "Upgrade");
        add(head, "upgrade", protocol);
        add(head, "date", date);
        for (int i = 0; i < headers.size(); i += 2) {
            add(head, headers.get(i), headers.get(i + 1));
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void add(StringBuilder head, String name, String value) {
        if (!Syntax.isName(name) || !Syntax.isValue(value)) {
            throw new IllegalArgumentException(
                    "upgrade: the header '" + name + "' is malformed; a token and a value without control characters");
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }
}
