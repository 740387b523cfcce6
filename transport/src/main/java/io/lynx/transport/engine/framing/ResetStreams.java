package io.lynx.transport.engine.framing;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The streams of one HTTP/2 connection that the server has reset before their end, the earliest first. The client may not know yet: it
 * may have sent more of the body, or the trailers, or it may never send anything on them again. Not thread-safe.
 */
final class ResetStreams {
    /** What a client may have sent of a body before it knew: the window of a stream, which the reset no longer widens. */
    private static final int WINDOW = 65_535;

    /** How much may still come, by stream. */
    private final SequencedMap<Integer, Integer> streams = new LinkedHashMap<>();

    void add(int stream) {
        streams.put(stream, WINDOW);
    }

    /** Returns whether the stream was among them. */
    boolean remove(int stream) {
        return streams.remove(stream) != null;
    }

    void forgetFirst() {
        var _ = streams.pollFirstEntry();
    }

    int size() {
        return streams.size();
    }

    /** Returns whether so many bytes of a body may have been sent before the client knew that {@code stream} was reset. */
    boolean isLate(int stream, int bytes) {
        Integer left = streams.get(stream);
        if (left == null || bytes > left) {
            return false;
        }
        streams.put(stream, left - bytes);
        return true;
    }
}
