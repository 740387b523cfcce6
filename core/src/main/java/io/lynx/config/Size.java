package io.lynx.config;

/**
 * A number of bytes, written {@code 10MB}, {@code 64KiB} or {@code 512} in configuration.
 *
 * @param bytes zero or more
 */
public record Size(long bytes) {
    /**
     * A size of {@code bytes} bytes.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Size {
        if (bytes < 0) {
            throw new IllegalArgumentException("size: " + bytes + "; zero or more bytes");
        }
    }
}
