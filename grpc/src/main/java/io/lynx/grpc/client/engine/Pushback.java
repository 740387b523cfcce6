package io.lynx.grpc.client.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the trailers of an answer say about another attempt: the field {@code grpc-retry-pushback-ms} (gRPC proposal A6), or, if there is
 * none, a {@code google.rpc.RetryInfo} in the details of the error. Immutable.
 *
 * @param isRefused whether the call must not be made again
 * @param delay how long to wait before it is made again; empty if the server leaves that to the client
 */
record Pushback(boolean isRefused, Optional<Duration> delay) {
    private static final Metadata.Key<String> MILLIS =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final String RETRY_INFO = "/google.rpc.RetryInfo";
    private static final Pushback REFUSED = new Pushback(true, Optional.empty());
    private static final Pushback NONE = new Pushback(false, Optional.empty());

    /** The longest duration that Protocol Buffers allow, about 10,000 years. */
    private static final long MOST_SECONDS = 315_576_000_000L;

    /** Reads trailers; what is malformed among the details says nothing. */
    static Pushback of(Metadata trailers) {
        String millis = trailers.get(MILLIS);
        if (millis != null) {
            return ofMillis(millis);
        }
        byte[] details = trailers.get(DETAILS);
        try {
            return details == null ? NONE : ofDetails(details);
        } catch (IOException malformed) {
            return NONE;
        }
    }

    /** A negative value, and one that is not a number, means that the call must not be made again. */
    private static Pushback ofMillis(String text) {
        try {
            int millis = Integer.parseInt(text);
            return millis < 0 ? REFUSED : new Pushback(false, Optional.of(Duration.ofMillis(millis)));
        } catch (NumberFormatException malformed) {
            return REFUSED;
        }
    }

    /** Reads a {@code google.rpc.Status}, whose third field has messages of the type {@code google.protobuf.Any}. */
    private static Pushback ofDetails(byte[] status) throws IOException {
        for (byte[] any : values(status, 3)) {
            byte[] type = last(values(any, 1));
            byte[] info = last(values(any, 2));
            if (type != null && info != null && new String(type, StandardCharsets.UTF_8).endsWith(RETRY_INFO)) {
                byte[] delay = last(values(info, 1));
                return delay == null ? NONE : new Pushback(false, Optional.of(duration(delay)));
            }
        }
        return NONE;
    }

    private static Duration duration(byte[] message) throws IOException {
        long seconds = Math.clamp(number(message, 1), 0, MOST_SECONDS);
        long nanos = Math.clamp(number(message, 2), 0, 999_999_999);
        return Duration.ofSeconds(seconds, nanos);
    }

    private static byte @Nullable [] last(List<byte[]> values) {
        return values.isEmpty() ? null : values.getLast();
    }

    /** Returns the values of a field that has bytes, in their order. */
    private static List<byte[]> values(byte[] message, int field) throws IOException {
        List<byte[]> values = new ArrayList<>(1);
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == field
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                values.add(in.readByteArray());
            } else {
                boolean _ = in.skipField(tag);
            }
        }
        return values;
    }

    /** Returns the last value of a field that has a number; 0 if there is none. */
    private static long number(byte[] message, int field) throws IOException {
        long number = 0;
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == field
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                number = in.readInt64();
            } else {
                boolean _ = in.skipField(tag);
            }
        }
        return number;
    }
}
