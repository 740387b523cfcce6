package io.lynx.grpc.engine.wire;

import io.grpc.Status;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Cuts the bytes of a body into messages. Memory is taken for what has arrived, whatever is announced. Not thread-safe. */
public final class MessageCutter {
    private static final int PREFIX = MessageBytes.PREFIX;
    private static final int FIRST_BUFFER = 8 * 1024;
    private static final byte[] NOTHING = {};

    private final Sink sink;
    private final String source;
    private final long maxMessageSize;
    private final String key;
    private final BooleanSupplier hasDecompressor;

    private final byte[] prefix = new byte[PREFIX];
    private int prefixBytes;
    private byte[] message = NOTHING;
    private int filled;
    private int length;
    private boolean hasStopped;

    /** Receives the messages, on the thread that brings the bytes. */
    public interface Sink {
        /** Takes memory for an incomplete message; returns whether there is enough. */
        boolean take(long bytes);

        /** Gives that memory back. */
        void giveBack(long bytes);

        /** There is not enough memory for a message. */
        void exhausted();

        /** A message is complete. */
        void message(InboundMessage message);

        /** What arrives is no message, or one that is too large. */
        void malformed(Status status);
    }

    /**
     * A cutter for one body.
     *
     * @param source what the body belongs to, for messages: request or answer
     * @param key the configuration key of the largest size
     * @param hasDecompressor returns whether messages may be compressed
     */
    public MessageCutter(Sink sink, String source, long maxMessageSize, String key, BooleanSupplier hasDecompressor) {
        this.sink = sink;
        this.source = source;
        this.maxMessageSize = maxMessageSize;
        this.key = key;
        this.hasDecompressor = hasDecompressor;
    }

    /** Takes bytes that have arrived. They must not be changed. */
    public void cut(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && !hasStopped) {
            if (prefixBytes < PREFIX) {
                int taken = Math.min(PREFIX - prefixBytes, bytes.length - at);
                System.arraycopy(bytes, at, prefix, prefixBytes, taken);
                prefixBytes += taken;
                at += taken;
                if (prefixBytes == PREFIX && isPrefixValid()) {
                    int left = bytes.length - at;
                    if (length <= left) {
                        deliver(bytes, at);
                        at += length;
                    } else {
                        grow(Math.min(length, Math.max(FIRST_BUFFER, left)));
                    }
                }
            } else {
                int taken = Math.min(length - filled, bytes.length - at);
                if (filled + taken > message.length) {
                    grow(Math.min(length, Math.max(filled + taken, 2 * message.length)));
                }
                if (!hasStopped) {
                    System.arraycopy(bytes, at, message, filled, taken);
                    filled += taken;
                    at += taken;
                    if (filled == length) {
                        deliverBuffer();
                    }
                }
            }
        }
    }

    private boolean isPrefixValid() {
        length = ((prefix[1] & 0xff) << 24)
                | ((prefix[2] & 0xff) << 16)
                | ((prefix[3] & 0xff) << 8)
                | (prefix[4] & 0xff);
        if (prefix[0] != 0 && prefix[0] != 1) {
            sink.malformed(
                    Status.INTERNAL.withDescription("message: its first byte is " + (prefix[0] & 0xff) + "; 0 or 1"));
        } else if (prefix[0] == 1 && !hasDecompressor.getAsBoolean()) {
            sink.malformed(Status.INTERNAL.withDescription(
                    "message: compressed, but the " + source + " names no grpc-encoding"));
        } else if (length < 0 || length > maxMessageSize) {
            sink.malformed(Status.RESOURCE_EXHAUSTED.withDescription("message: " + Integer.toUnsignedLong(length)
                    + " bytes; at most " + maxMessageSize + " (" + key + ")"));
        }
        return !hasStopped;
    }

    private void grow(int size) {
        if (sink.take(size - message.length)) {
            message = Arrays.copyOf(message, size);
        } else {
            sink.exhausted();
        }
    }

    private void deliverBuffer() {
        byte[] whole = message;
        sink.giveBack(whole.length);
        message = NOTHING;
        filled = 0;
        deliver(whole, 0);
    }

    private void deliver(byte[] bytes, int offset) {
        prefixBytes = 0;
        sink.message(new InboundMessage(bytes, offset, length, prefix[0] == 1));
    }

    /** Returns whether a message is incomplete. */
    public boolean isInside() {
        return prefixBytes > 0;
    }

    /** Takes nothing more. */
    public void stop() {
        hasStopped = true;
        sink.giveBack(message.length);
        message = NOTHING;
    }

    /** Returns whether it takes nothing more. */
    public boolean hasStopped() {
        return hasStopped;
    }
}
