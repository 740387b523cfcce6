package io.lynx.http;

import io.lynx.http.engine.files.ClassPathFiles;
import io.lynx.http.engine.files.DirectoryFiles;
import io.lynx.http.engine.files.StaticContent;
import io.lynx.http.engine.files.StaticHandler;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that a server answers with as they are; {@link Routes#files} adds them. They have an {@code ETag}, are revalidated by clients, and
 * are sent in ranges and in compressed variants where a client accepts that. Directories are not listed. A file is not found if a segment
 * of its path begins with a dot. Immutable; each {@code with} method returns a changed copy.
 */
public final class StaticFiles {
    private static final String REVALIDATED = "no-cache";

    private final StaticContent content;
    private final Optional<String> index;
    private final String cacheControl;
    private final boolean isPrecompressed;

    private StaticFiles(StaticContent content, Optional<String> index, String cacheControl, boolean isPrecompressed) {
        this.content = content;
        this.index = index;
        this.cacheControl = cacheControl;
        this.isPrecompressed = isPrecompressed;
    }

    /**
     * Returns the files of a directory. They may change while the server runs, which is seen within a second. A symbolic link that leads out of the directory is not
     * followed.
     *
     * @throws IllegalArgumentException if it is not a directory
     */
    public static StaticFiles directory(Path directory) {
        return of(DirectoryFiles.of(directory));
    }

    /**
     * Returns the resources of the class path whose names begin with {@code folder}, such as {@code public}. They do not change.
     *
     * @throws IllegalArgumentException if the folder is empty: all classes and configuration files would be public
     */
    public static StaticFiles classPath(String folder) {
        return of(ClassPathFiles.of(folder, Thread.currentThread().getContextClassLoader()));
    }

    private static StaticFiles of(StaticContent content) {
        return new StaticFiles(content, Optional.of("index.html"), REVALIDATED, true);
    }

    /** Returns a copy that answers the path of a directory with this file in it; {@code index.html} if not set. */
    public StaticFiles withIndex(String name) {
        return new StaticFiles(content, Optional.of(name), cacheControl, isPrecompressed);
    }

    /** Returns a copy that does not answer the path of a directory. */
    public StaticFiles withoutIndex() {
        return new StaticFiles(content, Optional.empty(), cacheControl, isPrecompressed);
    }

    /**
     * Returns a copy with another {@code Cache-Control}, such as {@code public, max-age=31536000, immutable} for files whose names change
     * with their content. It is {@code no-cache} if not set: clients keep a copy and revalidate it before each use.
     */
    public StaticFiles withCacheControl(String value) {
        return new StaticFiles(content, index, value, isPrecompressed);
    }

    /**
     * Returns a copy that does not look for compressed variants. Otherwise {@code app.js.br}, {@code app.js.zst} or {@code app.js.gz}
     * answers for {@code app.js} where the client accepts that encoding.
     */
    public StaticFiles withoutPrecompressed() {
        return new StaticFiles(content, index, cacheControl, false);
    }

    /** What answers; {@code isRoot} for the path of the root. */
    HttpHandler handler(boolean isRoot) {
        return new StaticHandler(content, index.orElse(null), cacheControl, isPrecompressed, isRoot);
    }
}
