package io.lynx.http.client.engine.call;

import io.lynx.transport.OutgoingHead;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call: bytes, or a stream that is read once, while it is sent. Many bytes are sent like a stream, so that they do
 * not wait in memory for a second time. Belongs to the thread that makes the call.
 */
public final class RequestBody {
    private static final int MANY = 64 * 1024;

    private final byte @Nullable [] bytes;
    private final @Nullable InputStream stream;
    private final long length;
    private boolean isConsumed;

    private RequestBody(byte @Nullable [] bytes, @Nullable InputStream stream, long length) {
        this.bytes = bytes;
        this.stream = stream;
        this.length = length;
    }

    /** Returns a body of these bytes, which must not be changed. */
    public static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, null, bytes.length);
    }

    /**
     * Returns a body that is read from a stream.
     *
     * @param length in bytes; -1 if it is unknown
     */
    public static RequestBody of(InputStream stream, long length) {
        return new RequestBody(null, stream, length);
    }

    /** Returns the body as it is sent together with the head; null if it is sent piece by piece. */
    OutgoingHead.@Nullable Body whole() {
        return bytes == null || bytes.length > MANY ? null : new OutgoingHead.Body(bytes);
    }

    /** Returns the length in bytes; -1 if it is unknown. */
    long length() {
        return length;
    }

    /** Returns whether it can be sent any number of times. */
    boolean isRepeatable() {
        return bytes != null;
    }

    /** Returns whether it can be sent, and not for the second time. */
    boolean isAvailable() {
        return !isConsumed;
    }

    /** Returns what is sent piece by piece; null if it is sent together with the head. */
    @Nullable
    InputStream open() {
        isConsumed = stream != null;
        if (bytes != null) {
            return bytes.length > MANY ? new ByteArrayInputStream(bytes) : null;
        }
        return stream;
    }
}
