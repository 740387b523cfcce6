package io.lynx.logging;

import org.jspecify.annotations.Nullable;

/** Values as text, whatever their {@code toString} does. */
final class SafeText {
    private SafeText() {}

    static String of(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        try {
            String text = value.toString();
            return text == null ? "null" : text;
        } catch (RuntimeException broken) {
            return "[toString of " + value.getClass().getName() + " failed: "
                    + broken.getClass().getName() + "]";
        }
    }
}
