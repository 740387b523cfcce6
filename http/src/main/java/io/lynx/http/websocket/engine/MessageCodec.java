package io.lynx.http.websocket.engine;

import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses messages (RFC 7692, 7.2), each on its own. A few compressors, which hold a quarter of a megabyte each, are kept for later
 * messages. Thread-safe.
 */
final class MessageCodec {
    /** Bytes of the smallest message that is compressed; a smaller one gains nothing. */
    static final int LEAST = 128;

    /** Bytes that a message may have, however few were sent, as with bodies of requests. */
    static final int FREE = 256 * 1024;

    static final int MOST_TIMES = 100;

    private static final int BUFFER = 8 * 1024;
    private static final int KEPT = Math.max(2, Runtime.getRuntime().availableProcessors());

    /** What ends each message, and is not sent. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final Queue<Deflater> DEFLATERS = new ArrayBlockingQueue<>(KEPT);
    private static final Queue<Inflater> INFLATERS = new ArrayBlockingQueue<>(KEPT);

    private MessageCodec() {}

    /** Returns the compressed form of a message. */
    static byte[] deflate(byte[] message) {
        Deflater known = DEFLATERS.poll();
        Deflater deflater = known == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : known;
        try {
            deflater.setInput(message);
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, message.length / 4));
            byte[] buffer = new byte[Math.min(BUFFER, message.length + 64)];
            int count;
            do {
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, count);
            } while (count == buffer.length);
            byte[] all = out.toByteArray();
            return Arrays.copyOf(all, all.length - TAIL.length);
        } finally {
            deflater.reset();
            if (!DEFLATERS.offer(deflater)) {
                deflater.end();
            }
        }
    }

    /**
     * Returns the message of a compressed form.
     *
     * @throws WebSocketException (1009) if it has more than {@code most} bytes, or beyond {@value #FREE} bytes more than {@value #MOST_TIMES}
     *     times as many as its compressed form; (1007) if it is malformed
     */
    static byte[] inflate(byte[] compressed, long most) {
        Inflater known = INFLATERS.poll();
        Inflater inflater = known == null ? new Inflater(true) : known;
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, compressed.length * 2));
            byte[] buffer = new byte[BUFFER];
            byte[] whole = Arrays.copyOf(compressed, compressed.length + TAIL.length);
            System.arraycopy(TAIL, 0, whole, compressed.length, TAIL.length);
            inflater.setInput(whole);
            while (true) {
                int count = inflater.inflate(buffer);
                out.write(buffer, 0, count);
                requireSize(out.size(), most, compressed.length);
                if (inflater.finished()) {
                    // A block that says it is the last one may be followed by others (RFC 7692, 7.2.3.4).
                    int left = inflater.getRemaining();
                    if (left == 0) {
                        return out.toByteArray();
                    }
                    inflater.reset();
                    inflater.setInput(whole, whole.length - left, left);
                } else if (count == 0) {
                    if (inflater.needsDictionary() || !inflater.needsInput()) {
                        throw malformed();
                    }
                    return out.toByteArray();
                }
            }
        } catch (DataFormatException malformed) {
            throw malformed();
        } finally {
            inflater.reset();
            if (!INFLATERS.offer(inflater)) {
                inflater.end();
            }
        }
    }

    private static void requireSize(int size, long most, int arrived) {
        if (size > most) {
            throw new WebSocketException(CloseStatus.TOO_BIG, "a message is larger than " + most + " bytes");
        }
        if (size > FREE && size / MOST_TIMES > arrived) {
            throw new WebSocketException(
                    CloseStatus.TOO_BIG, "a message is more than " + MOST_TIMES + " times as large as what was sent");
        }
    }

    private static WebSocketException malformed() {
        return new WebSocketException(CloseStatus.INVALID_DATA, "a compressed message is malformed");
    }
}
