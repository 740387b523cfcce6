package io.lynx.http.engine.files;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was looked up.
 *
 * @param size in bytes
 * @param etag a strong entity tag, in quotes
 * @param lastModified in whole seconds; null if it is not known
 */
record StaticFile(long size, String etag, @Nullable Instant lastModified, Opener opener) {
    /** Opens the content at an offset. */
    @FunctionalInterface
    interface Opener {
        /** Returns the content from that byte on. */
        InputStream open(long from) throws IOException;
    }

    InputStream open(long from) throws IOException {
        return opener.open(from);
    }
}
