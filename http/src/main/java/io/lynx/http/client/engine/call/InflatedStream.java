package io.lynx.http.client.engine.call;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.pool.CallFailures;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses a body as it is read; a body without a byte, such as that of the answer to a HEAD, stays empty. For one thread at
 * a time.
 */
final class InflatedStream extends InputStream {
    private static final int PIECE = 8 * 1024;

    private final boolean isDeflate;
    private final InputStream compressed;
    private final CallFailures failures;
    private @Nullable InputStream inflater;

    InflatedStream(boolean isDeflate, InputStream compressed, CallFailures failures) {
        this.isDeflate = isDeflate;
        this.compressed = compressed;
        this.failures = failures;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int _ = Objects.checkFromIndexSize(offset, length, target.length);
        try {
            return opened().read(target, offset, length);
        } catch (ZipException | EOFException malformed) {
            throw failures.of(Reason.MALFORMED, "the body of the answer cannot be decompressed", malformed);
        }
    }

    private InputStream opened() throws IOException {
        InputStream known = inflater;
        if (known == null) {
            PushbackInputStream in = new PushbackInputStream(compressed);
            int first = in.read();
            if (first < 0) {
                known = InputStream.nullInputStream();
            } else {
                in.unread(first);
                known = isDeflate ? new InflaterInputStream(in) : new GZIPInputStream(in, PIECE);
            }
            inflater = known;
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        InputStream known = inflater;
        if (known != null) {
            known.close();
        }
        compressed.close();
    }
}
