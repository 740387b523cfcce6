package io.lynx.http.websocket.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The mask of what clients send (RFC 6455, 5.3). Stateless. */
final class FrameMask {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private FrameMask() {}

    /**
     * Masks or unmasks bytes in place.
     *
     * @param key the four bytes of the key, the first one highest
     * @param offset of the first byte in the payload of its frame
     */
    static void apply(byte[] bytes, int from, int count, int key, long offset) {
        int rotated = Integer.rotateLeft(key, (int) (offset % Integer.BYTES) * Byte.SIZE);
        long word = (long) rotated << Integer.SIZE | Integer.toUnsignedLong(rotated);
        int at = from;
        int end = from + count;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            WORDS.set(bytes, at, (long) WORDS.get(bytes, at) ^ word);
        }
        for (int shift = Integer.SIZE - Byte.SIZE; at < end; at++, shift -= Byte.SIZE) {
            bytes[at] ^= (byte) (rotated >> (shift & (Integer.SIZE - 1)));
        }
    }
}
