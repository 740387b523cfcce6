package io.lynx.http.engine.files;

import org.jspecify.annotations.Nullable;

/** Where static files come from. Thread-safe. */
public interface StaticContent {
    /**
     * Returns the file at a path that a {@link StaticPath} has accepted; null if there is none, it is not a plain file, or it must not be
     * read.
     */
    @Nullable
    StaticFile find(String path);

    /** Returns the variant of a file that was found, whose name has that ending more; null if there is none. */
    default @Nullable StaticFile variant(String path, String ending) {
        return find(path + ending);
    }
}
