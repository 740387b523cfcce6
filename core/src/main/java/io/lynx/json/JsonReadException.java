package io.lynx.json;

import org.jspecify.annotations.Nullable;

/**
 * Signals JSON that cannot be read as the expected type. Its message is meant for the sender of the JSON: it names the place
 * and what is allowed, and contains no secrets and no class names.
 */
public final class JsonReadException extends RuntimeException {
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
