package io.lynx.http.websocket.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Checks, piece by piece, that bytes are UTF-8 (RFC 3629, 4): without surrogates, overlong forms and numbers above U+10FFFF. Not thread-safe. */
final class Utf8Check {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    /** How many bytes the current character still has. */
    private int left;

    /** The range of its next byte. */
    private int least = 0x80;

    private int most = 0xbf;

    /** Returns whether {@code bytes} are UTF-8. */
    static boolean isUtf8(byte[] bytes) {
        Utf8Check check = new Utf8Check();
        return check.accepts(bytes, 0, bytes.length) && check.isComplete();
    }

    /** Takes the bytes from {@code from} to {@code to} (exclusive); returns whether everything up to there may be UTF-8. */
    boolean accepts(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (left == 0) {
                at = skipAscii(bytes, at, to);
                if (at < to && !begins(bytes[at++] & 0xff)) {
                    return false;
                }
            } else {
                int next = bytes[at++] & 0xff;
                if (next < least || next > most) {
                    return false;
                }
                least = 0x80;
                most = 0xbf;
                left--;
            }
        }
        return true;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && ((long) WORDS.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** The first byte of a character of several bytes. */
    private boolean begins(int first) {
        if (first < 0xc2 || first > 0xf4) {
            return false;
        }
        if (first < 0xe0) {
            left = 1;
        } else if (first < 0xf0) {
            left = 2;
            least = first == 0xe0 ? 0xa0 : 0x80;
            most = first == 0xed ? 0x9f : 0xbf;
        } else {
            left = 3;
            least = first == 0xf0 ? 0x90 : 0x80;
            most = first == 0xf4 ? 0x8f : 0xbf;
        }
        return true;
    }

    /** Returns whether the bytes do not end within a character. */
    boolean isComplete() {
        return left == 0;
    }
}
