package io.lynx.json;

import io.lynx.extension.ExtensionPoint;

/**
 * Reads and writes JSON in UTF-8. Implementations support records, {@code java.time} types (as ISO 8601 text), collections,
 * maps, and generic types; they are thread-safe and never block.
 *
 * <p>The installed implementation is found by {@link java.util.ServiceLoader}; see {@link #installed()}. An application can
 * pass a codec of its own to whatever uses JSON instead.
 */
@ExtensionPoint(thread = "the caller's thread", deadline = "none")
public interface JsonCodec {
    /**
     * Returns {@code value} as JSON.
     *
     * @throws JsonWriteException if the value cannot be represented
     */
    byte[] write(Object value);

    /**
     * Reads a value. JSON {@code null} is refused.
     *
     * @throws JsonReadException if {@code json} is not valid JSON, does not fit the type, or exceeds a limit
     */
    <T> T read(byte[] json, TypeOf<T> type);

    /**
     * Reads a value of a class. JSON {@code null} is refused.
     *
     * @throws JsonReadException if {@code json} is not valid JSON, does not fit the type, or exceeds a limit
     */
    default <T> T read(byte[] json, Class<T> type) {
        return read(json, TypeOf.of(type));
    }

    /**
     * Returns a codec that finds the installed implementation at its first use, so that an application that uses no JSON
     * loads none. If there is not exactly one implementation, every use throws {@link IllegalStateException}; its message
     * says what to add or remove.
     */
    static JsonCodec installed() {
        return new InstalledCodec();
    }
}
