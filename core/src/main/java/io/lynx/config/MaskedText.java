package io.lynx.config;

import org.jspecify.annotations.Nullable;

/** A text in which ranges are replaced from left to right. The first replacement copies it. Not thread-safe. */
final class MaskedText {
    private final String source;
    private @Nullable StringBuilder out;
    private int copied;

    MaskedText(String source) {
        this.source = source;
    }

    /** Replaces the characters from {@code from} up to {@code to}; returns {@code to}. */
    int mask(int from, int to) {
        StringBuilder target = out;
        if (target == null) {
            target = new StringBuilder(source.length() + 16);
            out = target;
        }
        target.append(source, copied, from).append(Masking.MASK);
        copied = to;
        return to;
    }

    /** Returns the text with its replacements; the source itself if there are none. */
    String text() {
        return out == null
                ? source
                : out.append(source, copied, source.length()).toString();
    }
}
