package io.lynx.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses by gzip at the fastest level: metrics are so repetitive that a higher level saves little. */
final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
        super(out, 8 * 1024);
        def.setLevel(Deflater.BEST_SPEED);
    }
}
