package io.lynx.admin;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One HTTP/2 request (RFC 9113) with prior knowledge and without Huffman coding, so that its authority is anybody's. */
final class Http2 {
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM_AND_HEADERS = 0x5;

    private static final int PRIORITY = 0x20;

    private Http2() {}

    static int statusOf(String address, String authority, String path) throws IOException {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            socket.setSoTimeout(60_000);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(request, SETTINGS, 0, 0, new byte[0]);
            ByteArrayOutputStream headers = new ByteArrayOutputStream();
            headers.write(0x82); // :method GET
            headers.write(0x86); // :scheme http
            literal(headers, 4, path);
            literal(headers, 1, authority);
            frame(request, HEADERS, END_STREAM_AND_HEADERS, 1, headers.toByteArray());
            socket.getOutputStream().write(request.toByteArray());
            return readStatus(new DataInputStream(socket.getInputStream()));
        }
    }

    /** A literal without indexing whose name is in the static table (RFC 7541, 6.2.2). */
    private static void literal(ByteArrayOutputStream headers, int nameIndex, String value) {
        headers.write(nameIndex);
        headers.write(value.length());
        headers.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        out.writeBytes(payload);
    }

    private static int readStatus(DataInputStream in) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == HEADERS) {
                // The encoder begins with :status: indices 8 to 14 of the static table are 200, 204, 206, 304, 400,
                // 404, 500.
                int first = payload[(flags & PRIORITY) == 0 ? 0 : 5] & 0xff;
                return switch (first) {
                    case 0x88 -> 200;
                    case 0x8d -> 404;
                    default -> throw new IOException("an answer that begins with " + first);
                };
            }
        }
    }
}
