package io.lynx.transport.engine;

import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which answers the library compresses: those of a type that compression makes smaller. It offers gzip and deflate; zstd
 * would need a native library of several megabytes. Stateless.
 */
final class Compression {
    /** Bytes of the smallest answer that is compressed; a smaller one gains nothing. */
    static final int LEAST = 1024;

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

    private Compression() {}

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
     * Prepares the head of an answer on a listener that compresses. An answer without a body and one that is sent bit by bit are not
     * compressed: the compressor would hold back what has been written.
     */
    static void prepare(Head head, HttpServerResponse answer, boolean isLongLived, long length) {
        boolean isCompressible = isCompressible(answer.headers().get("content-type"));
        if (isCompressible && !isBodiless(answer.getStatusCode())) {
            // Caches must know that compression depends on the client, also for answers too small to be compressed.
            vary(answer.headers());
        }
        // The compressor of HTTP/1.1 leaves an answer to HEAD alone, the header that prevents compression included.
        boolean isExcluded = head.method().equals("HEAD")
                ? head.protocol() == Protocol.HTTP_2
                : !isCompressible || isLongLived || (length >= 0 && length < LEAST);
        if (isExcluded) {
            prevent(answer);
        }
    }

    private static void vary(MultiMap headers) {
        for (String names : headers.getAll("vary")) {
            for (String name : names.split(",", -1)) {
                if (name.strip().equalsIgnoreCase("accept-encoding")
                        || name.strip().equals("*")) {
                    return;
                }
            }
        }
        headers.add("vary", "accept-encoding");
    }

    /** RFC 9110, 6.4.1 and 15.3.6: answers of these statuses have no content. */
    private static boolean isBodiless(int status) {
        return status == 204 || status == 205 || status == 304;
    }

    /**
     * Returns whether the answer to {@code HEAD} must not have the length of its body: the answer to {@code GET} would be
     * compressed, so its length is not known (RFC 9110, 8.6).
     */
    static boolean hidesLength(Head head, HttpServerResponse answer, long length) {
        String encoding = answer.headers().get("content-encoding");
        return head.method().equals("HEAD")
                && length >= LEAST
                && head.hasHeader("accept-encoding")
                && isCompressible(answer.headers().get("content-type"))
                && (encoding == null || encoding.equals("identity"));
    }

    /** Keeps the library from compressing an answer; it does not send this header. */
    static void prevent(HttpServerResponse answer) {
        if (!answer.headers().contains("content-encoding")) {
            answer.putHeader("content-encoding", "identity");
        }
    }
}
