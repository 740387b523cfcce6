package io.lynx.http.client.engine.call;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.ClientLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decompresses answers, within the limit of a body, on the thread of the caller. Stateless. */
public final class Decompression {
    private static final int PIECE = 8 * 1024;

    private Decompression() {}

    /** Returns the answer as its sender had it before it was compressed. */
    public static Answer of(Answer answer, boolean isStreamed, ClientLimits limits, CallFailures failures) {
        Optional<String> coding = answer.header("content-encoding")
                .map(name -> name.trim().toLowerCase(Locale.ROOT))
                .filter(name -> name.equals("gzip") || name.equals("x-gzip") || name.equals("deflate"));
        if (coding.isEmpty()) {
            return answer;
        }
        boolean isDeflate = coding.get().equals("deflate");
        if (isStreamed) {
            InputStream plain = new InflatedStream(isDeflate, answer.stream(), failures);
            return answer.with(plainHeaders(answer.headers()), answer.body(), plain);
        }
        if (answer.body().length == 0) {
            return answer;
        }
        InputStream compressed = new ByteArrayInputStream(answer.body());
        try (InputStream plain = new InflatedStream(isDeflate, compressed, failures)) {
            byte[] body = readAll(plain, limits.maxBodySize(), failures);
            return answer.with(plainHeaders(answer.headers()), body, answer.stream());
        } catch (IOException impossible) {
            throw failures.of(Reason.MALFORMED, "the body of the answer cannot be decompressed", impossible);
        }
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
