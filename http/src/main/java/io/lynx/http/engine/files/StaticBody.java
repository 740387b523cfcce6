package io.lynx.http.engine.files;

import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.files.ByteRanges.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Sends the content of a static file, or ranges of it, in pieces: a large file needs no more memory than a small one. */
final class StaticBody {
    /** The largest piece that is held in memory. */
    private static final int PIECE = 64 * 1024;

    private StaticBody() {}

    static void send(Request request, Response response, StaticFile file, String type, @Nullable ByteRanges ranges)
            throws IOException {
        if (ranges == null) {
            response.type(type);
            one(request, response, file, new ByteRange(0, file.size() - 1));
        } else if (ranges.ranges().size() == 1) {
            ByteRange range = ranges.ranges().getFirst();
            response.status(206).type(type).header("Content-Range", range.of(file.size()));
            one(request, response, file, range);
        } else {
            several(response, file, type, ranges.ranges());
        }
    }

    private static void one(Request request, Response response, StaticFile file, ByteRange range) throws IOException {
        if (request.method().equals("HEAD")) {
            response.header("Content-Length", Long.toString(range.length()));
            try (OutputStream out = response.stream()) {
                out.flush();
            }
        } else if (range.length() <= PIECE) {
            response.send(bytes(file, range));
        } else {
            response.header("Content-Length", Long.toString(range.length()));
            try (OutputStream out = response.stream()) {
                out.flush();
                copy(file, range, out);
            }
        }
    }

    private static byte[] bytes(StaticFile file, ByteRange range) throws IOException {
        if (range.length() == 0) {
            return new byte[0];
        }
        byte[] content = file.content();
        if (content != null) {
            int from = (int) range.first();
            return range.length() == content.length
                    ? content
                    : Arrays.copyOfRange(content, from, from + (int) range.length());
        }
        try (InputStream in = file.open(range.first())) {
            byte[] bytes = in.readNBytes((int) range.length());
            requireAll(bytes.length, range);
            return bytes;
        }
    }

    private static void copy(StaticFile file, ByteRange range, OutputStream out) throws IOException {
        byte[] buffer = new byte[PIECE];
        long left = range.length();
        try (InputStream in = file.open(range.first())) {
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                requireAll(count < 0 ? range.length() - left : range.length(), range);
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    /** The length is announced before the file is read. */
    private static void requireAll(long read, ByteRange range) throws EOFException {
        if (read < range.length()) {
            throw new EOFException("static file: " + read + " of " + range.length()
                    + " bytes could be read; it was truncated while it was sent");
        }
    }

    private static void several(Response response, StaticFile file, String type, List<ByteRange> ranges)
            throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String boundary = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        List<byte[]> heads = new ArrayList<>(ranges.size());
        long length = 0;
        for (ByteRange range : ranges) {
            byte[] head = ("\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: "
                            + range.of(file.size()) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            heads.add(head);
            length += head.length + range.length();
        }
        byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        response.status(206)
                .type("multipart/byteranges; boundary=" + boundary)
                .header("Content-Length", Long.toString(length + end.length));
        try (OutputStream out = response.stream()) {
            for (int i = 0; i < ranges.size(); i++) {
                out.write(heads.get(i));
                copy(file, ranges.get(i), out);
            }
            out.write(end);
        }
    }
}
