package io.lynx.http.engine.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Resources of the class path. They do not change, so what is known about one is kept, and the content of small ones. */
public final class ClassPathFiles implements StaticContent {
    private static final int MOST_KNOWN = 4096;

    private final String folder;
    private final ClassLoader loader;
    private final MemoryShare memory = MemoryShare.ofHeap();
    private final Map<String, StaticFile> known = new ConcurrentHashMap<>();

    /** Variants that do not exist; only of files that do, so that no client can fill it. A look-up would search every library. */
    private final Set<String> absent = ConcurrentHashMap.newKeySet();

    private ClassPathFiles(String folder, ClassLoader loader) {
        this.folder = folder;
        this.loader = loader;
    }

    /**
     * Returns the resources below {@code folder}.
     *
     * @throws IllegalArgumentException if the folder is empty
     */
    public static ClassPathFiles of(String folder, @Nullable ClassLoader loader) {
        String plain = folder.replaceAll("^/+|/+$", "");
        if (plain.isEmpty()) {
            throw new IllegalArgumentException(
                    "static files: the folder is empty; the name of a folder on the class path, such as public");
        }
        return new ClassPathFiles(plain + "/", Objects.requireNonNullElse(loader, ClassLoader.getSystemClassLoader()));
    }

    @Override
    public @Nullable StaticFile find(String path) {
        StaticFile file = known.get(path);
        if (file != null) {
            return file;
        }
        URL url = loader.getResource(folder + path);
        if (url == null) {
            return null;
        }
        try {
            file = isPlain(url) ? read(url) : null;
        } catch (IOException unreadable) {
            return null;
        }
        if (file != null) {
            keep(path, file);
        }
        return file;
    }

    private void keep(String path, StaticFile file) {
        if (known.size() >= MOST_KNOWN) {
            known.keySet().forEach(this::forget);
        }
        StaticFile before = known.put(path, file);
        if (before != null) {
            release(before);
        }
    }

    private void forget(String path) {
        StaticFile before = known.remove(path);
        if (before != null) {
            release(before);
        }
    }

    private void release(StaticFile file) {
        byte[] content = file.content();
        if (content != null) {
            memory.release(content.length);
        }
    }

    @Override
    public @Nullable StaticFile variant(String path, String ending) {
        String name = path + ending;
        if (absent.contains(name)) {
            return null;
        }
        StaticFile file = find(name);
        if (file == null) {
            boolean _ = absent.add(name);
        }
        return file;
    }

    /** A connection to a directory would list it. */
    private static boolean isPlain(URL url) throws IOException {
        if (url.getProtocol().equals("file")) {
            try {
                return Files.isRegularFile(Path.of(url.toURI()));
            } catch (URISyntaxException unreadable) {
                return false;
            }
        }
        URLConnection connection = url.openConnection();
        return !(connection instanceof JarURLConnection library)
                || (library.getJarEntry() != null && !library.getJarEntry().isDirectory());
    }

    private StaticFile read(URL url) throws IOException {
        byte[] start;
        try (InputStream content = url.openStream()) {
            start = content.readNBytes(MemoryShare.LARGEST + 1);
        }
        if (start.length <= MemoryShare.LARGEST && memory.take(start.length)) {
            return StaticFile.held(start, null);
        }
        CountingStream content = new CountingStream(url.openStream());
        try (content) {
            String etag = ContentHash.etag(content);
            return StaticFile.opened(content.count, etag, null, from -> open(url, from));
        }
    }

    private static InputStream open(URL url, long from) throws IOException {
        InputStream content = url.openStream();
        try {
            content.skipNBytes(from);
            return content;
        } catch (IOException failure) {
            content.close();
            throw failure;
        }
    }

    /** Counts what is read in blocks. */
    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
