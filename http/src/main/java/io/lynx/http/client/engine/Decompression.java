package io.lynx.http.client.engine;

import io.lynx.http.client.HttpCallException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Decompresses answers, within the limit of a body, on the thread of the caller. Stateless. */
final class Decompression {
    private static final int PIECE = 8 * 1024;

    private Decompression() {}

    /** Returns the answer as its sender had it before it was compressed. */
    static Answer of(Answer answer, boolean isStreamed, ClientLimits limits, CallFailures failures) {
        Optional<String> coding = answer.header("content-encoding")
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .filter(name -> name.equals("gzip") || name.equals("x-gzip") || name.equals("deflate"));
        if (coding.isEmpty() || (!isStreamed && answer.body().length == 0)) {
            return answer;
        }
        try {
            if (isStreamed) {
                return answer.with(
                        plainHeaders(answer.headers()), answer.body(), inflater(coding.get(), answer.stream()));
            }
            InputStream inflater = inflater(coding.get(), new ByteArrayInputStream(answer.body()));
            byte[] plain = readAll(inflater, limits.maxBodySize(), failures);
            return answer.with(plainHeaders(answer.headers()), plain, answer.stream());
        } catch (IOException malformed) {
            throw failures.of(Reason.MALFORMED, "the body of the answer cannot be decompressed", malformed);
        }
    }

    private static InputStream inflater(String coding, InputStream compressed) throws IOException {
        return coding.equals("deflate") ? new InflaterInputStream(compressed) : new GZIPInputStream(compressed, PIECE);
    }

    private static byte[] readAll(InputStream in, long limit, CallFailures failures) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            if (out.size() + (long) count > limit) {
                throw failures.tooLarge();
            }
            out.write(piece, 0, count);
        }
        return out.toByteArray();
    }

    private static List<String> plainHeaders(List<String> headers) {
        List<String> plain = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            if (!name.equals("content-encoding") && !name.equals("content-length")) {
                plain.add(name);
                plain.add(headers.get(i + 1));
            }
        }
        return plain;
    }
}
