package io.lynx.json;

import org.jspecify.annotations.Nullable;

/** Signals a value that cannot be written as JSON: a fault of the program, not of its input. */
public final class JsonWriteException extends RuntimeException {
    /** Creates one; the message names the class of the value. */
    public JsonWriteException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
