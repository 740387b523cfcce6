package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.http.engine.problem.Rejection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request in gzip, decompressed as it is read. It may have as many bytes as one that is not compressed, and beyond
 * {@value #FREE} bytes at most {@value #MOST_TIMES} times as many as have arrived: a client that makes the server work has to send
 * something for it. For the handler's thread only.
 */
final class InflatedBody implements AutoCloseable {
    /** Bytes that a body may have, however few have arrived. */
    static final int FREE = 256 * 1024;

    static final int MOST_TIMES = 100;

    private static final int BUFFER = 8 * 1024;

    private final Body body;
    private final long limit;
    private final BodyOwner owner;
    private @Nullable GzipDecoder decoder;
    private boolean isClosed;
    private long size;
    private byte @Nullable [] whole;

    private InflatedBody(Body body, long limit, BodyOwner owner) {
        this.body = body;
        this.limit = limit;
        this.owner = owner;
    }

    /**
     * Returns the decompressed body of a request; null if it is not compressed.
     *
     * @throws HttpException (415) if it has a coding that cannot be decompressed
     */
    static @Nullable InflatedBody of(Request request, Body body, long limit, BodyOwner owner) {
        if (isPlain(request)) {
            return null;
        }
        List<String> codings = request.headers("content-encoding");
        String coding = codings.size() == 1 ? codings.getFirst().strip() : "";
        if (!coding.equalsIgnoreCase("gzip") && !coding.equalsIgnoreCase("x-gzip")) {
            throw unsupported("gzip");
        }
        return new InflatedBody(body, limit, owner);
    }

    /**
     * Requires a body that is not compressed.
     *
     * @throws HttpException (415) if it is
     */
    static void requirePlain(Request request) {
        if (!isPlain(request)) {
            throw unsupported("identity");
        }
    }

    private static boolean isPlain(Request request) {
        List<String> codings = request.headers("content-encoding");
        return codings.isEmpty()
                || (codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("identity"));
    }

    private static HttpException unsupported(String accepted) {
        return new HttpException(
                415, "content encoding: " + accepted + " is expected", Map.of("Accept-Encoding", accepted));
    }

    /** Returns the whole body, however often it is called. */
    byte[] bytes() {
        byte[] known = whole;
        if (known == null) {
            known = readAll(begin());
            whole = known;
        }
        return known;
    }

    private byte[] readAll(GzipDecoder gzip) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(BUFFER);
        byte[] piece = new byte[BUFFER];
        try (gzip) {
            for (int count = read(gzip, piece, 0, BUFFER); count >= 0; count = read(gzip, piece, 0, BUFFER)) {
                all.write(piece, 0, count);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return all.toByteArray();
    }

    InputStream stream() {
        if (whole != null) {
            return new ByteArrayInputStream(whole);
        }
        GzipDecoder gzip = begin();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int _ = Objects.checkFromIndexSize(offset, length, target.length);
                if (isClosed) {
                    throw new IOException("body: its stream is closed");
                }
                return InflatedBody.this.read(gzip, target, offset, length);
            }

            @Override
            public void close() {
                InflatedBody.this.close();
            }
        };
    }

    private GzipDecoder begin() {
        GzipDecoder begun = new GzipDecoder(body.stream());
        decoder = begun;
        return begun;
    }

    private int read(GzipDecoder gzip, byte[] target, int offset, int length) throws IOException {
        int count;
        try {
            count = gzip.read(target, offset, length);
        } catch (ZipException malformed) {
            owner.rejected(Rejection.MALFORMED);
            throw new HttpException(400, "the body is not gzip: " + malformed.getMessage(), malformed);
        }
        size += Math.max(0, count);
        if (size > limit) {
            throw tooLarge("the decompressed body is larger than " + limit + " bytes");
        }
        if (size > FREE && size / MOST_TIMES > gzip.arrived()) {
            throw tooLarge("the decompressed body is more than " + MOST_TIMES + " times as large as what was sent");
        }
        return count;
    }

    private HttpException tooLarge(String detail) {
        owner.rejected(Rejection.MAX_BODY_SIZE);
        return new Refusal(413, detail);
    }

    /** Frees what it holds; what has been read as a whole stays. Idempotent. */
    @Override
    public void close() {
        isClosed = true;
        if (decoder != null) {
            decoder.close();
        }
    }
}
