package io.lynx.http;

import io.lynx.config.Size;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a form may contain. The body as a whole is limited by the route or the server. Immutable; each {@code with} method returns a
 * changed copy.
 *
 * @param maxFields the largest number of fields, which include files
 * @param maxFieldBytes the largest size of all fields together that are not files
 * @param maxFiles the largest number of files
 * @param maxFileSize the largest size of one file; empty for no limit besides that of the body
 * @param inMemory a file is kept in memory up to this size, and in a temporary file beyond it
 * @param directory where temporary files are; empty for the one of the system
 */
public record FormLimits(
        int maxFields,
        Size maxFieldBytes,
        int maxFiles,
        Optional<Size> maxFileSize,
        Size inMemory,
        Optional<Path> directory) {
    private static final long MOST_IN_MEMORY = 1024L * 1024 * 1024;

    /**
     * Limits with these components.
     *
     * @throws IllegalArgumentException if a number is negative, or more than 1 GiB would be kept in memory
     */
    public FormLimits {
        if (maxFields < 0 || maxFiles < 0) {
            throw new IllegalArgumentException(
                    "form: " + maxFields + " fields, " + maxFiles + " files; zero or more of each");
        }
        if (maxFieldBytes.bytes() > MOST_IN_MEMORY || inMemory.bytes() > MOST_IN_MEMORY) {
            throw new IllegalArgumentException("form: " + maxFieldBytes + " of fields, " + inMemory
                    + " of a file in memory; at most 1GiB of each");
        }
    }

    /** Returns the limits of 1,000 fields with 1 MiB, and 20 files of any size with 64 KiB of each in memory. */
    public static FormLimits defaults() {
        return new FormLimits(1000, new Size(1024 * 1024), 20, Optional.empty(), new Size(64 * 1024), Optional.empty());
    }

    /** Returns a copy that allows this many fields, files included. */
    public FormLimits withMaxFields(int fields) {
        return new FormLimits(fields, maxFieldBytes, maxFiles, maxFileSize, inMemory, directory);
    }

    /** Returns a copy that allows this many bytes in all fields together that are not files. */
    public FormLimits withMaxFieldBytes(long bytes) {
        return new FormLimits(maxFields, new Size(bytes), maxFiles, maxFileSize, inMemory, directory);
    }

    /** Returns a copy that allows this many files. */
    public FormLimits withMaxFiles(int files) {
        return new FormLimits(maxFields, maxFieldBytes, files, maxFileSize, inMemory, directory);
    }

    /** Returns a copy that allows files of this size. */
    public FormLimits withMaxFileSize(long bytes) {
        return new FormLimits(maxFields, maxFieldBytes, maxFiles, Optional.of(new Size(bytes)), inMemory, directory);
    }

    /** Returns a copy that keeps files of up to this size in memory. */
    public FormLimits withInMemory(long bytes) {
        return new FormLimits(maxFields, maxFieldBytes, maxFiles, maxFileSize, new Size(bytes), directory);
    }

    /** Returns a copy with another directory for temporary files. */
    public FormLimits withDirectory(Path path) {
        return new FormLimits(maxFields, maxFieldBytes, maxFiles, maxFileSize, inMemory, Optional.of(path));
    }
}
