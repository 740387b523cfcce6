package io.lynx.systemtest.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much of HPACK (RFC 7541) as a request without a body and the status of an answer take. The peer must be told that
 * the dynamic table has no room, so that the status is always in the block itself.
 */
final class Hpack {
    private static final int[] STATIC_STATUS = {200, 204, 206, 304, 400, 404, 500};
    private static final int STATUS_INDEX = 8;

    private Hpack() {}

    static byte[] get(String authority, String path) {
        var block = new ByteArrayOutputStream();
        block.write(0x82); // :method GET
        block.write(0x86); // :scheme http
        literal(block, 4, path);
        literal(block, 1, authority);
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, int nameIndex, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= 127) {
            throw new IllegalArgumentException("header value: " + value + "; shorter than 127 characters");
        }
        block.write(nameIndex);
        block.write(bytes.length);
        block.writeBytes(bytes);
    }

    /** The status, which is the first field of an answer's block. */
    static int status(ByteBuffer block) {
        int first = block.get() & 0xff;
        while ((first & 0xe0) == 0x20) { // the size of the dynamic table
            if ((first & 0x1f) == 0x1f) {
                while ((block.get() & 0x80) != 0) {
                    // the rest of the number
                }
            }
            first = block.get() & 0xff;
        }
        if ((first & 0x80) != 0) {
            return STATIC_STATUS[(first & 0x7f) - STATUS_INDEX];
        }
        int nameIndex = (first & 0x40) != 0 ? first & 0x3f : first & 0x0f;
        if (nameIndex < STATUS_INDEX || nameIndex >= STATUS_INDEX + STATIC_STATUS.length) {
            throw new IllegalArgumentException("the first field of an answer is not its status: " + first);
        }
        int length = block.get() & 0xff;
        byte[] value = new byte[length & 0x7f];
        block.get(value);
        return Integer.parseInt((length & 0x80) == 0 ? new String(value, StandardCharsets.US_ASCII) : digits(value));
    }

    /** Huffman, of digits only: 0 to 2 have five bits, 3 to 9 six. */
    private static String digits(byte[] value) {
        long bits = 0;
        int left = 8 * value.length;
        for (byte part : value) {
            bits = bits << 8 | (part & 0xff);
        }
        var text = new StringBuilder();
        while (text.length() < 3) {
            int five = (int) (bits >>> (left - 5)) & 0x1f;
            if (five <= 2) {
                text.append(five);
                left -= 5;
            } else {
                int six = (int) (bits >>> (left - 6)) & 0x3f;
                text.append(six - 0x19 + 3);
                left -= 6;
            }
        }
        return text.toString();
    }
}
