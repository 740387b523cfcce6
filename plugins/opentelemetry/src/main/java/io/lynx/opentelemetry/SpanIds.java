package io.lynx.opentelemetry;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Random ids of traces and spans, in lower-case hexadecimal digits. They are not secret. HexFormat takes several times as long,
 * and each request needs two. Stateless.
 */
final class SpanIds {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int WORD = 16;

    private SpanIds() {}

    /** Returns an id that is not zero, which would be invalid. */
    static String trace() {
        byte[] text = new byte[2 * WORD];
        write(random(), text, 0);
        write(random(), text, WORD);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static String span() {
        byte[] text = new byte[WORD];
        write(random(), text, 0);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Returns any number but zero. */
    private static long random() {
        long random = ThreadLocalRandom.current().nextLong();
        return random == 0 ? 1 : random;
    }

    private static void write(long word, byte[] text, int at) {
        long rest = word;
        for (int i = at + WORD - 1; i >= at; i--) {
            text[i] = DIGITS[(int) (rest & 0xf)];
            rest >>>= 4;
        }
    }
}
