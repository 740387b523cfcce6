package io.lynx.opentelemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message of Protocol Buffers that is written from its end to its beginning, so that the length of a part is known when it has been
 * written, and nothing is measured first. Write the fields of a message in reverse order. Not thread-safe.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers, encoding</a>
 */
final class ProtobufBuffer {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;
    private static final int LONGEST_VARINT = 10;

    private byte[] bytes;

    /** The first byte that is in use. */
    private int start;

    ProtobufBuffer(int capacity) {
        this.bytes = new byte[capacity];
        this.start = capacity;
    }

    /** Returns the number of bytes that were written. */
    int size() {
        return bytes.length - start;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, start, size());
    }

    private void require(int more) {
        if (start < more) {
            int size = size();
            byte[] larger = new byte[Math.max(2 * bytes.length, size + more)];
            System.arraycopy(bytes, start, larger, larger.length - size, size);
            bytes = larger;
            start = larger.length - size;
        }
    }

    /** Puts the tag of a nested message before what was written since the buffer had {@code sizeBefore} bytes. */
    void message(int field, int sizeBefore) {
        plainVarint(size() - sizeBefore);
        tag(field, LENGTH);
    }

    void text(int field, String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        require(encoded.length);
        start -= encoded.length;
        System.arraycopy(encoded, 0, bytes, start, encoded.length);
        plainVarint(encoded.length);
        tag(field, LENGTH);
    }

    /** Writes the bytes that {@code digits} stand for, two hexadecimal digits in lower case each. */
    void hex(int field, String digits) {
        int length = digits.length() / 2;
        require(length);
        start -= length;
        for (int i = 0; i < length; i++) {
            bytes[start + i] = (byte) ((digit(digits.charAt(2 * i)) << 4) | digit(digits.charAt(2 * i + 1)));
        }
        plainVarint(length);
        tag(field, LENGTH);
    }

    private static int digit(char lowerCase) {
        return lowerCase <= '9' ? lowerCase - '0' : lowerCase - 'a' + 10;
    }

    void varint(int field, long value) {
        plainVarint(value);
        tag(field, VARINT);
    }

    void fixed64(int field, long value) {
        fixed(value, Long.BYTES);
        tag(field, FIXED_64);
    }

    void fixed32(int field, int value) {
        fixed(value, Integer.BYTES);
        tag(field, FIXED_32);
    }

    private void fixed(long value, int length) {
        require(length);
        start -= length;
        for (int i = 0; i < length; i++) {
            bytes[start + i] = (byte) (value >>> (8 * i));
        }
    }

    private void tag(int field, int type) {
        plainVarint(((long) field << 3) | type);
    }

    private void plainVarint(long value) {
        require(LONGEST_VARINT);
        if (value >= 0 && value < 0x80) {
            start--;
            bytes[start] = (byte) value;
            return;
        }
        int length = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
        start -= length;
        long rest = value;
        for (int i = 0; i < length - 1; i++) {
            bytes[start + i] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[start + length - 1] = (byte) rest;
    }
}
