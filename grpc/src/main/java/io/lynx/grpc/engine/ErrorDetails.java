package io.lynx.grpc.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Map;

/** The details of errors (google.rpc.Status), in the trailer that clients of all languages read. Stateless. */
public final class ErrorDetails {
    private static final Metadata.Key<byte[]> KEY =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /*
     * Clients accept 8 KiB of metadata by default; what has more destroys the status that it explains. The details are a third longer in
     * base64, and the description is sent beside them.
     */
    private static final int MOST_VIOLATIONS = 2500;
    private static final int LONGEST_DESCRIPTION = 1000;
    private static final int LONGEST_TEXT = 500;

    /** The tag and the length of a violation. */
    private static final int FRAME = 3;

    private static final String TYPES = "type.googleapis.com/google.rpc.";

    private ErrorDetails() {}

    /** Returns an exception with a {@code google.rpc.RetryInfo}. */
    public static StatusRuntimeException retryable(Status status, Duration retryAfter) {
        return status.asRuntimeException(retryTrailers(status, retryAfter));
    }

    /** Returns trailers with a {@code google.rpc.RetryInfo}. */
    static Metadata retryTrailers(Status status, Duration retryAfter) {
        ProtoBytes time = new ProtoBytes().number(1, retryAfter.getSeconds()).number(2, retryAfter.getNano());
        return trailers(status, "RetryInfo", new ProtoBytes().message(1, time));
    }

    /**
     * Returns an exception with a {@code google.rpc.BadRequest}. If the violations are too large for the trailer, the last one says how many
     * are missing; texts of a violation are cut.
     */
    public static StatusRuntimeException invalid(Status status, Map<String, String> violations) {
        ProtoBytes request = new ProtoBytes();
        int left = MOST_VIOLATIONS;
        int written = 0;
        for (Map.Entry<String, String> each : violations.entrySet()) {
            byte[] violation = violation(each.getKey(), each.getValue()).done();
            left -= violation.length + FRAME;
            if (left < 0) {
                request.message(1, violation("", "and " + (violations.size() - written) + " more"));
                break;
            }
            request.bytes(1, violation);
            written++;
        }
        return status.asRuntimeException(trailers(status, "BadRequest", request));
    }

    private static ProtoBytes violation(String field, String problem) {
        return new ProtoBytes().text(1, shortened(field, LONGEST_TEXT)).text(2, shortened(problem, LONGEST_TEXT));
    }

    /** Returns a text, cut before the character that would exceed that number of bytes in UTF-8. */
    private static String shortened(String text, int most) {
        int bytes = 0;
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > most) {
                return text.substring(0, at);
            }
            at += Character.charCount(character);
        }
        return text;
    }

    private static Metadata trailers(Status status, String type, ProtoBytes details) {
        String description = status.getDescription();
        Metadata trailers = new Metadata();
        trailers.put(
                KEY,
                new ProtoBytes()
                        .number(1, status.getCode().value())
                        .text(2, description == null ? "" : shortened(description, LONGEST_DESCRIPTION))
                        .message(3, new ProtoBytes().text(1, TYPES + type).message(2, details))
                        .done());
        return trailers;
    }
}
