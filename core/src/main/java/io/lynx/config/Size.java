package io.lynx.config;

import java.util.Locale;

/**
 * A number of bytes, written {@code 10MB}, {@code 64KiB} or {@code 512} in configuration. Units of a thousand are
 * {@code KB}, {@code MB}, {@code GB} and {@code TB}, units of 1024 are {@code KiB}, {@code MiB}, {@code GiB} and {@code
 * TiB}; case does not matter.
 *
 * @param bytes zero or more
 */
public record Size(long bytes) implements Comparable<Size> {
    private static final String FORM = "a size such as 512, 64KiB or 10MB";
    private static final String[] NAMES = {"TiB", "TB", "GiB", "GB", "MiB", "MB", "KiB", "KB"};

    /**
     * Creates a size.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Size {
        if (bytes < 0) {
            throw new IllegalArgumentException("size: " + bytes + "; zero or more bytes");
        }
    }

    /**
     * Parses a size.
     *
     * @throws IllegalArgumentException if {@code text} is not a size or does not fit a {@code long}
     */
    public static Size parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0) {
            throw new IllegalArgumentException(FORM);
        }
        try {
            long number = Long.parseLong(text.substring(0, digits));
            return new Size(
                    Math.multiplyExact(number, unit(text.substring(digits).strip())));
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            throw new IllegalArgumentException("at most " + Long.MAX_VALUE + " bytes", tooLarge);
        }
    }

    private static long unit(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "", "B" -> 1;
            case "KB" -> 1_000;
            case "MB" -> 1_000_000;
            case "GB" -> 1_000_000_000;
            case "TB" -> 1_000_000_000_000L;
            case "KIB" -> 1L << 10;
            case "MIB" -> 1L << 20;
            case "GIB" -> 1L << 30;
            case "TIB" -> 1L << 40;
            default -> throw new IllegalArgumentException(FORM);
        };
    }

    @Override
    public int compareTo(Size other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Returns the size as it would be written in configuration, in the largest unit that represents it exactly. */
    @Override
    public String toString() {
        if (bytes > 0) {
            for (String name : NAMES) {
                long unit = unit(name);
                if (bytes % unit == 0) {
                    return bytes / unit + name;
                }
            }
        }
        return Long.toString(bytes);
    }
}
