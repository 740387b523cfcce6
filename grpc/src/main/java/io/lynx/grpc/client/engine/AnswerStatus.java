package io.lynx.grpc.client.engine;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.http.client.HttpCallException;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import io.lynx.transport.OutgoingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which status a call has, whatever ended it. Nothing that a server sends outside of gRPC becomes part of a description. Stateless. */
final class AnswerStatus {
    static final String STATUS = "grpc-status";
    static final String MESSAGE = "grpc-message";

    private static final Metadata.Key<String> STATUS_KEY = Metadata.Key.of(STATUS, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> MESSAGE_KEY = Metadata.Key.of(MESSAGE, Metadata.ASCII_STRING_MARSHALLER);
    private static final String CONTENT_TYPE = "application/grpc";

    private AnswerStatus() {}

    /** Returns the first value of a field; null if there is none. */
    static @Nullable String field(List<String> fields, String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equals(name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    /** Returns the status that trailers state. */
    static Status of(List<String> trailers) {
        String code = field(trailers, STATUS);
        if (code == null) {
            return Status.INTERNAL.withDescription("the answer ended without a status");
        }
        Status status = Status.UNKNOWN;
        try {
            status = Status.fromCodeValue(Integer.parseInt(code));
        } catch (NumberFormatException malformed) {
            return Status.UNKNOWN.withDescription("the status of the answer is not a number");
        }
        String message = field(trailers, MESSAGE);
        return message == null || message.isEmpty() ? status : status.withDescription(MetadataText.message(message));
    }

    /** Returns trailers without what states the status. */
    static Metadata metadata(List<String> trailers) throws MetadataText.MalformedException {
        Metadata metadata = MetadataText.of(trailers);
        metadata.discardAll(STATUS_KEY);
        metadata.discardAll(MESSAGE_KEY);
        return metadata;
    }

    /** Returns what is wrong with the head of an answer; null if it is one of gRPC. */
    static @Nullable Status problem(int httpStatus, List<String> head) {
        if (field(head, STATUS) != null && httpStatus == 200) {
            return null;
        }
        if (httpStatus != 200) {
            return ofHttp(httpStatus).withDescription("the server answered with the HTTP status " + httpStatus);
        }
        String type = field(head, "content-type");
        if (type == null || !isGrpc(type)) {
            return Status.UNKNOWN.withDescription("the answer is not one of gRPC: its content type is another");
        }
        return null;
    }

    private static boolean isGrpc(String type) {
        if (!type.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length())) {
            return false;
        }
        char next = type.length() == CONTENT_TYPE.length() ? ';' : type.charAt(CONTENT_TYPE.length());
        return next == ';' || next == '+' || next == ' ';
    }

    /** As gRPC maps the status codes of HTTP. */
    private static Status ofHttp(int status) {
        return switch (status) {
            case 400, 431 -> Status.INTERNAL;
            case 401 -> Status.UNAUTHENTICATED;
            case 403 -> Status.PERMISSION_DENIED;
            case 404 -> Status.UNIMPLEMENTED;
            case 429, 502, 503, 504 -> Status.UNAVAILABLE;
            default -> Status.UNKNOWN;
        };
    }

    /** Returns the status of a call that was sent and has no answer. */
    static Status of(OutgoingException failure) {
        Status status =
                switch (failure.kind()) {
                    case CONNECT, TLS, UNPROCESSED -> Status.UNAVAILABLE;
                    case LOST ->
                        failure.resetCode() == OutgoingException.NO_RESET
                                ? Status.UNAVAILABLE
                                : ofReset(failure.resetCode());
                    case MALFORMED -> Status.INTERNAL;
                    case HEAD_TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
                };
        return status.withDescription(failure.getMessage()).withCause(failure);
    }

    /** As gRPC maps the error codes of HTTP/2 (RFC 9113, 7). */
    private static Status ofReset(long code) {
        return switch ((int) code) {
            case 0x7 -> Status.UNAVAILABLE;
            case 0x8 -> Status.CANCELLED;
            case 0xb -> Status.RESOURCE_EXHAUSTED;
            case 0xc -> Status.PERMISSION_DENIED;
            default -> Status.INTERNAL;
        };
    }

    /** Returns the status of a call for which there is no connection. */
    static Status of(HttpCallException failure) {
        Status status =
                switch (failure.reason()) {
                    case UNKNOWN_HOST, UNREACHABLE, TLS, BUSY, CONNECTION_LOST, CLOSED -> Status.UNAVAILABLE;
                    case TIMED_OUT, DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
                    case MALFORMED -> Status.INTERNAL;
                    case TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
                };
        return status.withDescription(failure.getMessage()).withCause(failure);
    }

    /** Returns the status of a call that a policy has rejected. */
    static Status of(CallRejectedException rejection) {
        Status status =
                rejection instanceof RateLimitExceededException ? Status.RESOURCE_EXHAUSTED : Status.UNAVAILABLE;
        return status.withDescription(rejection.getMessage()).withCause(rejection);
    }

    /** Returns whether a call that ends so says that the server fails, and not that it refuses what it was sent. */
    static boolean isFault(Status status) {
        return switch (status.getCode()) {
            case UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
            case OK,
                    CANCELLED,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    UNAUTHENTICATED -> false;
        };
    }
}
