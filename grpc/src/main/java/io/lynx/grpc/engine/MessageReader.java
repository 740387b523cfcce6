package io.lynx.grpc.engine;

import io.grpc.Status;
import io.lynx.grpc.engine.wire.InboundMessage;
import io.lynx.grpc.engine.wire.MessageCutter;
import io.lynx.transport.BodyListener;
import io.lynx.transport.Stream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the messages of a request. While more than {@value #READ_AHEAD} bytes wait for the service, no more is read. Belongs to the
 * event loop, but for what says otherwise.
 */
final class MessageReader implements BodyListener, MessageCutter.Sink {
    private static final int READ_AHEAD = 64 * 1024;

    /** What a message takes beside its bytes. */
    private static final int OVERHEAD = 64;

    static final Status EXHAUSTED =
            Status.RESOURCE_EXHAUSTED.withDescription("the server holds too many messages that wait; try again later");

    private final CallDelivery<?, ?> delivery;
    private final CallEnding ending;
    private final Stream stream;
    private final InboundMemory memory;
    private final MessageCutter cutter;
    private final AtomicLong waiting = new AtomicLong();
    private long received;
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
        this.cutter =
                new MessageCutter(this, "request", maxMessageSize, "lynx.grpc.max_message_size", () -> hasDecompressor);
    }

    @Override
    public void received(byte[] bytes) {
        received += bytes.length;
        cutter.cut(bytes);
    }

    @Override
    public boolean take(long bytes) {
        return memory.take(bytes);
    }

    @Override
    public void giveBack(long bytes) {
        memory.giveBack(bytes);
    }

    @Override
    public void message(InboundMessage message) {
        long weight = (long) message.length() + OVERHEAD;
        if (!memory.take(weight)) {
            exhausted();
            return;
        }
        if (waiting.addAndGet(weight) > READ_AHEAD && !isPaused) {
            isPaused = true;
            stream.pause();
        }
        delivery.arrived(message);
    }

    @Override
    public void exhausted() {
        malformed(EXHAUSTED);
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
        if (isPaused && !cutter.hasStopped() && waiting.get() <= READ_AHEAD / 2) {
            isPaused = false;
            stream.resume();
        }
    }

    @Override
    public void completed() {
        if (cutter.hasStopped()) {
            return;
        }
        if (cutter.isInside()) {
            malformed(Status.INTERNAL.withDescription("message: the request ended in the middle of it"));
        } else {
            delivery.arrived(null);
        }
    }

    @Override
    public void failed(String detail) {
        malformed(Status.INTERNAL.withDescription(detail));
    }

    @Override
    public void malformed(Status status) {
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
        cutter.stop();
        isPaused = false;
    }

    /** How many bytes have arrived. */
    long received() {
        return received;
    }
}
