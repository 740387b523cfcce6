package io.lynx.http.client.engine;

import io.lynx.transport.OutgoingHead;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of a call: bytes, or a stream that is read once, while it is sent. Belongs to the thread that makes the call. */
public final class RequestBody {
    private final OutgoingHead.@Nullable Body whole;
    private final @Nullable InputStream stream;
    private final long length;
    private boolean isConsumed;

    private RequestBody(OutgoingHead.@Nullable Body whole, @Nullable InputStream stream, long length) {
        this.whole = whole;
        this.stream = stream;
        this.length = length;
    }

    /** Returns a body of these bytes, which must not be changed. */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(new OutgoingHead.Body(bytes), null, bytes.length);
    }

    /**
     * Returns a body that is read from a stream.
     *
     * @param length in bytes; -1 if it is unknown
     */
    public static RequestBody of(InputStream stream, long length) {
        return new RequestBody(null, stream, length);
    }

    OutgoingHead.@Nullable Body whole() {
        return whole;
    }

    /** Returns the length in bytes; -1 if it is unknown. */
    long length() {
        return length;
    }

    /** Returns whether it can be sent, and not for the second time. */
    boolean isAvailable() {
        return !isConsumed;
    }

    /** Returns the stream, which can be read only once; null for bytes. */
    @Nullable
    InputStream open() {
        isConsumed = stream != null;
        return stream;
    }
}
