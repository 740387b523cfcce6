package io.lynx.json;

import io.lynx.extension.ExtensionPoint;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

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
     * Returns how the values of a type look as JSON, for code that describes them. A codec that does not tell returns
     * {@link JsonForm.Anything}.
     *
     * @throws RuntimeException if the codec cannot handle the type
     */
    default JsonForm form(Type type) {
        return new JsonForm.Anything();
    }

    /**
     * Returns a codec that finds the installed implementation at its first use, so that an application that uses no JSON
     * loads none. If there is not exactly one implementation, every use throws {@link IllegalStateException}; its message
     * says what to add or remove.
     */
    static JsonCodec installed() {
        return new InstalledCodec();
    }

    /**
     * Signals JSON that cannot be read as the expected type. Its message is meant for the sender of the JSON: it names the place
     * and what is allowed, and contains no secrets and no class names.
     */
    final class JsonReadException extends RuntimeException {
        private final String path;
        private final String problem;

        /**
         * Creates one.
         *
         * @param path the place, such as {@code items[2].price}; empty for the whole document
         * @param problem what is wrong there and what is allowed
         */
        public JsonReadException(String path, String problem, @Nullable Throwable cause) {
            super((path.isEmpty() ? "JSON" : path) + ": " + problem, cause);
            this.path = path;
            this.problem = problem;
        }

        /** Returns the place, such as {@code items[2].price}; empty for the whole document. */
        public String path() {
            return path;
        }

        /** Returns what is wrong there and what is allowed. */
        public String problem() {
            return problem;
        }
    }

    /** Signals a value that cannot be written as JSON: a fault of the program, not of its input. */
    final class JsonWriteException extends RuntimeException {
        /** Creates one; the message names the class of the value. */
        public JsonWriteException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
