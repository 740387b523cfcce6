package io.lynx.http.engine.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A file as it was when it was looked up. Immutable. */
final class StaticFile {
    /** Opens the content at an offset. */
    @FunctionalInterface
    interface Opener {
        /** Returns the content from that byte on. */
        InputStream open(long from) throws IOException;
    }

    private final long size;
    private final String etag;
    private final @Nullable Instant lastModified;
    private final @Nullable String lastModifiedText;
    private final Opener opener;
    private final byte @Nullable [] content;

    private StaticFile(
            long size, String etag, @Nullable Instant lastModified, Opener opener, byte @Nullable [] content) {
        this.size = size;
        this.etag = etag;
        this.lastModified = lastModified;
        this.lastModifiedText = lastModified == null ? null : HttpTime.format(lastModified);
        this.opener = opener;
        this.content = content;
    }

    /** Returns a file that is opened whenever it is sent. */
    static StaticFile opened(long size, String etag, @Nullable Instant lastModified, Opener opener) {
        return new StaticFile(size, etag, lastModified, opener, null);
    }

    /** Returns a file whose content is in memory. The array is not copied. */
    static StaticFile held(byte[] content, @Nullable Instant lastModified) {
        return new StaticFile(
                content.length, ContentHash.etag(content), lastModified, from -> from(content, from), content);
    }

    private static InputStream from(byte[] content, long from) {
        int at = Math.toIntExact(from);
        return new ByteArrayInputStream(content, at, content.length - at);
    }

    /** Its size in bytes. */
    long size() {
        return size;
    }

    /** A strong entity tag, in quotes. */
    String etag() {
        return etag;
    }

    /** When it was changed, in whole seconds; null if that is not known. */
    @Nullable
    Instant lastModified() {
        return lastModified;
    }

    /** The value of {@code Last-Modified}; null if it is not known. */
    @Nullable
    String lastModifiedText() {
        return lastModifiedText;
    }

    /** The whole content, which must not be changed; null if it is not in memory. */
    byte @Nullable [] content() {
        return content;
    }

    InputStream open(long from) throws IOException {
        return opener.open(from);
    }
}
