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

    /** Returns an exception with a {@code google.rpc.BadRequest}. */
    public static StatusRuntimeException invalid(Status status, Map<String, String> violations) {
        ProtoBytes request = new ProtoBytes();
        violations.forEach((field, problem) ->
                request.message(1, new ProtoBytes().text(1, field).text(2, problem)));
        return status.asRuntimeException(trailers(status, "BadRequest", request));
    }

    private static Metadata trailers(Status status, String type, ProtoBytes details) {
        String description = status.getDescription();
        Metadata trailers = new Metadata();
        trailers.put(
                KEY,
                new ProtoBytes()
                        .number(1, status.getCode().value())
                        .text(2, description == null ? "" : description)
                        .message(3, new ProtoBytes().text(1, TYPES + type).message(2, details))
                        .done());
        return trailers;
    }
}
