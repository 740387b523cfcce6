package io.lynx.transport.engine;

import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.vertx.core.http.HttpServerResponse;

/**
 * Decides which answers the library does not compress. It offers gzip and deflate; zstd would need a native library of several
 * megabytes. Stateless.
 */
final class Compression {
    /** Bytes of the smallest answer that is compressed; smaller ones grow by it, or gain nothing. */
    static final int LEAST = 1024;

    private Compression() {}

    /**
     * Returns whether an answer must not be compressed: one without a body, and one that is sent bit by bit, since the
     * compressor would hold back what has been written.
     */
    static boolean excludes(Head head, HttpServerResponse answer, boolean isLongLived, long length) {
        if (head.method().equals("HEAD")) {
            // The compressor of HTTP/1.1 leaves it alone, this header included.
            return head.protocol() == Protocol.HTTP_2;
        }
        String type = answer.headers().get("content-type");
        return isLongLived || (length >= 0 && length < LEAST) || (type != null && type.startsWith("text/event-stream"));
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
                && (encoding == null || encoding.equals("identity"));
    }

    /** Keeps the library from compressing an answer; it does not send this header. */
    static void prevent(HttpServerResponse answer) {
        if (!answer.headers().contains("content-encoding")) {
            answer.putHeader("content-encoding", "identity");
        }
    }
}
