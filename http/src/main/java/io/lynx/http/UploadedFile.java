package io.lynx.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that a form contains. Its content is in memory if it is small, and otherwise in a temporary file, which has no name in the file
 * system any more and disappears when the handler has returned. For the handler's thread only.
 */
public interface UploadedFile {
    /**
     * Returns the name that the client gives the file, for people to read: the last segment of a path, without control characters and
     * without dots in front. Never use it as the name of a file on the server: clients choose it, and two may choose the same. It is empty
     * if there is none.
     */
    String fileName();

    /** Returns the content type that the client claims; it proves nothing. */
    Optional<String> contentType();

    /** Returns the number of bytes. */
    long size();

    /** Returns the content from its beginning. */
    InputStream stream() throws IOException;

    /**
     * Writes the content to a new file; if that fails, nothing of it remains.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file
     */
    void saveTo(Path target) throws IOException;
}
