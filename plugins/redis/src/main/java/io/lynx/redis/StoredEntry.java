package io.lynx.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 *   byte      0         1                    2..9                                      10..
 *   content   version   0 value, 1 absent    expiry, milliseconds since 1970 (UTC)     JSON of the value
 */

/**
 * What a cache stores under a key: the value or the fact that there is none, and until when it is fresh. Redis keeps it longer than that
 * if the cache may answer with expired values. Immutable.
 */
final class StoredEntry {
    private static final byte VERSION = 1;
    private static final byte VALUE = 0;
    private static final byte ABSENT = 1;
    private static final int HEADER = 10;

    private final byte[] bytes;

    private StoredEntry(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of an entry; json is null if there is no value. */
    static byte[] encode(long freshUntil, byte @Nullable [] json) {
        int length = json == null ? 0 : json.length;
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + length)
                .put(VERSION)
                .put(json == null ? ABSENT : VALUE)
                .putLong(freshUntil);
        if (json != null) {
            buffer.put(json);
        }
        return buffer.array();
    }

    /** Returns the entry; null if the bytes are none of this version. */
    static @Nullable StoredEntry decode(byte @Nullable [] bytes) {
        return bytes == null || bytes.length < HEADER || bytes[0] != VERSION ? null : new StoredEntry(bytes);
    }

    boolean isAbsent() {
        return bytes[1] == ABSENT;
    }

    boolean isFresh(long now) {
        return ByteBuffer.wrap(bytes).getLong(2) > now;
    }

    byte[] json() {
        return Arrays.copyOfRange(bytes, HEADER, bytes.length);
    }
}
