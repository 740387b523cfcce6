package io.lynx.grpc.engine;

import io.grpc.Status;
import io.lynx.transport.BodyListener;
import io.lynx.transport.Stream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts the body of a request into messages: a flag, four bytes of length, and the message. While more than {@value #READ_AHEAD}
 * bytes wait for the service, no more is read. Belongs to the event loop, but for what says otherwise.
 */
final class MessageReader implements BodyListener {
    private static final int READ_AHEAD = 64 * 1024;
    private static final int PREFIX = 5;
    private static final int FIRST_BUFFER = 8 * 1024;

    /** What a message takes beside its bytes. */
    private static final int OVERHEAD = 64;

    static final Status EXHAUSTED =
            Status.RESOURCE_EXHAUSTED.withDescription("the server holds too many messages that wait; try again later");

    private static final byte[] NOTHING = {};

    private final CallDelivery<?, ?> delivery;
    private final CallEnding ending;
    private final Stream stream;
    private final InboundMemory memory;
    private final long maxMessageSize;
    private final boolean hasDecompressor;
    private final AtomicLong waiting = new AtomicLong();

    private final byte[] prefix = new byte[PREFIX];
    private int prefixBytes;
    private byte[] message = NOTHING;
    private int filled;
    private int length;
    private long received;
    private boolean hasStopped;
    private volatile boolean isPaused;

    MessageReader(
            CallDelivery<?, ?> delivery,
            CallEnding ending,
            Stream stream,
            InboundMemory memory,
            long maxMessageSize,
            boolean hasDecompressor) {
        this.delivery = delivery;
        this.ending = ending;
        this.stream = stream;
        this.memory = memory;
        this.maxMessageSize = maxMessageSize;
        this.hasDecompressor = hasDecompressor;
    }

    @Override
    public void received(byte[] bytes) {
        received += bytes.length;
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
            fail(Status.INTERNAL.withDescription("message: its first byte is " + (prefix[0] & 0xff) + "; 0 or 1"));
        } else if (prefix[0] == 1 && !hasDecompressor) {
            fail(Status.INTERNAL.withDescription("message: compressed, but the request names no grpc-encoding"));
        } else if (length < 0 || length > maxMessageSize) {
            fail(Status.RESOURCE_EXHAUSTED.withDescription("message: " + Integer.toUnsignedLong(length)
                    + " bytes; at most " + maxMessageSize + " (lynx.grpc.max_message_size)"));
        }
        return !hasStopped;
    }

    /** Only what has arrived takes memory, whatever the client announces. */
    private void grow(int size) {
        if (memory.take(size - message.length)) {
            message = Arrays.copyOf(message, size);
        } else {
            exhausted();
        }
    }

    private void deliverBuffer() {
        byte[] whole = message;
        memory.giveBack(whole.length);
        message = NOTHING;
        filled = 0;
        deliver(whole, 0);
    }

    private void deliver(byte[] bytes, int offset) {
        prefixBytes = 0;
        long weight = (long) length + OVERHEAD;
        if (!memory.take(weight)) {
            exhausted();
            return;
        }
        if (waiting.addAndGet(weight) > READ_AHEAD && !isPaused) {
            isPaused = true;
            stream.pause();
        }
        delivery.arrived(new InboundMessage(bytes, offset, length, prefix[0] == 1));
    }

    private void exhausted() {
        fail(EXHAUSTED);
    }

    /** The service takes a message. Any thread. */
    void taken(InboundMessage taken) {
        long weight = (long) taken.length() + OVERHEAD;
        memory.giveBack(weight);
        if (waiting.addAndGet(-weight) <= READ_AHEAD / 2 && isPaused) {
            stream.onEventLoop(this::proceed);
        }
    }

    private void proceed() {
        if (isPaused && !hasStopped && waiting.get() <= READ_AHEAD / 2) {
            isPaused = false;
            stream.resume();
        }
    }

    @Override
    public void completed() {
        if (hasStopped) {
            return;
        }
        if (prefixBytes > 0) {
            fail(Status.INTERNAL.withDescription("message: the request ended in the middle of it"));
        } else {
            delivery.arrived(null);
        }
    }

    @Override
    public void failed(String detail) {
        fail(Status.INTERNAL.withDescription(detail));
    }

    private void fail(Status status) {
        boolean wasPaused = isPaused;
        stop();
        if (wasPaused) {
            // What still arrives is dropped.
            stream.resume();
        }
        ending.malformed(status);
    }

    /** Nothing more is read, since the call is over. */
    void stop() {
        hasStopped = true;
        isPaused = false;
        memory.giveBack(message.length);
        message = NOTHING;
    }

    /** How many bytes have arrived. */
    long received() {
        return received;
    }
}
