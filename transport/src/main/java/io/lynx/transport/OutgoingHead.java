package io.lynx.transport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a call, and its body if that is complete. The caller has checked that names and values can be sent.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority host and port as the server knows them
 * @param target the path and the query
 * @param headers name in lower case, value, name, value…; without those of the connection and of the body's framing
 * @param body the whole body; null if its pieces follow or there is none. It must not be changed
 * @param length of a body whose pieces follow; -1 if that is unknown, 0 if there is none
 */
public record OutgoingHead(
        String method,
        String scheme,
        String authority,
        String target,
        List<String> headers,
        @Nullable Body body,
        long length) {
    /** A body in memory. */
    public static final class Body {
        private final byte[] bytes;

        /** Wraps bytes, which must not be changed. */
        public Body(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Returns the bytes, which must not be changed. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** Returns whether pieces of a body follow. */
    public boolean isStreamed() {
        return body == null && length != 0;
    }
}
