package io.lynx.http.engine.answer;

import io.lynx.http.engine.head.HeaderText;
import io.lynx.transport.Head;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which answers of a server are compressed: those of a type that compression makes smaller, for clients that accept it. It
 * compresses on the handler's thread; an event loop compresses small answers only. A compressor holds a quarter of a megabyte, so
 * {@value #MOST} answers are compressed at a time, and further ones are sent as they are. Thread-safe.
 */
final class Compression {
    /** Bytes of the smallest answer that is compressed; a smaller one gains nothing. */
    static final int LEAST = 1024;

    /** Bytes of the largest answer that an event loop compresses, which takes it less than a millisecond. */
    static final int MOST_ON_EVENT_LOOP = 16 * 1024;

    static final int MOST = 256;

    private static final int UNKNOWN = -1;
    private static final String EVENTS = "text/event-stream";
    /** Besides {@code text/*}, {@code *+json}, {@code *+xml} and {@code *+text}. */
    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/json",
            "application/x-ndjson",
            "application/xml",
            "application/javascript",
            "application/yaml",
            "application/graphql",
            "application/openmetrics-text",
            "application/x-www-form-urlencoded",
            "application/wasm",
            "font/ttf",
            "font/otf");

    private final AtomicInteger open = new AtomicInteger();

    /** Returns whether answers of this content type become smaller; those without a type are left as they are. */
    static boolean isCompressible(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return (type.startsWith("text/") && !type.equals(EVENTS))
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || type.endsWith("+text")
                || COMPRESSIBLE.contains(type);
    }

    /**
     * Returns whether the answer to a request with {@code head} is to be compressed, and tells caches if that depends on the client.
     *
     * @param length of its body; negative if it is not known
     */
    boolean applies(Head head, AnswerHeaders answer, int status, long length) {
        boolean isUnchanged = status == 304;
        boolean canBe = isUnchanged
                ? answer.value("etag") != null
                : status != 206
                        && isCompressible(answer.value("content-type"))
                        && answer.value("content-encoding") == null
                        && answer.value("content-range") == null
                        && mayBeTransformed(answer.value("cache-control"));
        if (!canBe) {
            return false;
        }
        // Also for an answer that is too small, since another one from here may not be.
        answer.vary("Accept-Encoding");
        return !isUnchanged
                && (length == UNKNOWN || length >= LEAST)
                && GzipAcceptance.prefersGzip(head.headers("accept-encoding"));
    }

    private static boolean mayBeTransformed(@Nullable String cacheControl) {
        return cacheControl == null || !HeaderText.hasToken(cacheControl, "no-transform");
    }

    /** Returns a compressor, to be closed; null if as many as there may be are open. */
    @Nullable
    GzipEncoder open() {
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            return null;
        }
        return new GzipEncoder(open::decrementAndGet);
    }
}
