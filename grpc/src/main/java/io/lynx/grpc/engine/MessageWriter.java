package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.Stream;
import io.lynx.transport.Stream.WriteListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer: head, messages and trailers. What is given to it on other threads waits until the event loop writes it, small
 * messages together. A virtual thread that sends more than the client takes waits; other threads must watch {@link #isReady}.
 * Thread-safe.
 */
final class MessageWriter {
    private static final byte[] NOTHING = {};

    /** What is joined to one write. */
    private static final int JOINED = 32 * 1024;

    /** With more than this, a virtual thread waits. */
    private static final int WAITS_ABOVE = 256 * 1024;

    /** With more than this, which other threads do not watch, the call is ended. */
    private static final long MOST = 64L * 1024 * 1024;

    private final GrpcCall call;
    private final Stream stream;

    @GuardedBy("this")
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>(2);

    @GuardedBy("this")
    private @Nullable List<String> head;

    @GuardedBy("this")
    private @Nullable List<String> trailers;

    @GuardedBy("this")
    private boolean isScheduled;

    @GuardedBy("this")
    private boolean hasEnded;

    @GuardedBy("this")
    private int readyBelow = 32 * 1024;

    @GuardedBy("this")
    private boolean wasReady = true;

    @GuardedBy("this")
    private int waiters;

    /** The bytes of messages that the client has not taken. */
    @GuardedBy("this")
    private long unsent;

    private volatile long progressAt;
    private long sent;
    private boolean isHeadWritten;

    MessageWriter(GrpcCall call, Stream stream) {
        this.call = call;
        this.stream = stream;
        this.progressAt = stream.startedAt();
    }

    /**
     * Sets the head.
     *
     * @param isSent whether it is sent before the first message
     */
    void head(List<String> fields, boolean isSent) {
        boolean isDue;
        synchronized (this) {
            head = fields;
            isDue = isSent && schedules();
        }
        flushSoon(isDue);
    }

    /**
     * Writes a message.
     *
     * @param isLast whether it waits for the trailers, which follow at once
     * @return false if so much waits for the client that the call must be ended
     */
    boolean message(byte[] framed, boolean isLast) throws InterruptedException {
        boolean isDue;
        synchronized (this) {
            if (hasEnded || trailers != null) {
                return true;
            }
            // What waits for the trailers is written with them.
            if (unsent == 0 && !isLast) {
                progressAt = call.now();
            }
            messages.add(framed);
            unsent += framed.length;
            wasReady &= unsent < readyBelow;
            isDue = !isLast && schedules();
        }
        flushSoon(isDue);
        return isLast || hasRoom();
    }

    private synchronized boolean hasRoom() throws InterruptedException {
        if (unsent > WAITS_ABOVE && Thread.currentThread().isVirtual()) {
            waiters++;
            try {
                while (unsent > WAITS_ABOVE && !hasEnded && trailers == null) {
                    wait();
                }
            } finally {
                waiters--;
            }
        }
        return unsent <= MOST;
    }

    /** Completes the answer. What was not sent of the messages before is dropped if {@code isCut}. */
    void close(List<String> fields, boolean isCut) {
        boolean isDue;
        synchronized (this) {
            if (trailers != null || hasEnded) {
                return;
            }
            if (isCut) {
                messages.clear();
            }
            trailers = fields;
            notifyAll();
            isDue = schedules();
        }
        flushSoon(isDue);
    }

    @GuardedBy("this")
    private boolean schedules() {
        boolean isDue = !isScheduled;
        isScheduled = true;
        return isDue;
    }

    private void flushSoon(boolean isDue) {
        if (isDue) {
            stream.onEventLoop(this::flush);
        }
    }

    /** Writes what there is. On the event loop. */
    private void flush() {
        List<String> beginning;
        List<String> ending;
        List<byte[]> pieces;
        synchronized (this) {
            isScheduled = false;
            if (hasEnded) {
                return;
            }
            beginning = head;
            ending = trailers;
            head = null;
            hasEnded = ending != null;
            pieces = take();
        }
        if (!isHeadWritten && beginning == null) {
            if (ending != null) {
                refuse(ending);
            }
            return;
        }
        if (beginning != null) {
            isHeadWritten = true;
            stream.answer(200, beginning, -1, true);
        }
        int last = pieces.size() - 1;
        for (int i = 0; i < last; i++) {
            write(pieces.get(i));
        }
        byte[] rest = last < 0 ? NOTHING : pieces.get(last);
        if (ending != null) {
            sent += rest.length;
            progressAt = call.now();
            stream.end(rest, ending);
        } else if (last >= 0 || beginning != null) {
            write(rest);
        }
    }

    private void write(byte[] piece) {
        sent += piece.length;
        stream.write(piece, 0, piece.length, new Written(this, piece.length));
    }

    private record Written(MessageWriter writer, int length) implements WriteListener {
        @Override
        public void written(boolean succeeded) {
            writer.taken(length);
        }
    }

    /** The messages that wait, small ones joined. */
    @GuardedBy("this")
    private List<byte[]> take() {
        int count = messages.size();
        if (count < 2) {
            return count == 0 ? List.of() : List.of(messages.remove());
        }
        List<byte[]> pieces = new ArrayList<>();
        while (!messages.isEmpty()) {
            int joined = 0;
            int total = 0;
            for (byte[] each : messages) {
                if (joined > 0 && total + each.length > JOINED) {
                    break;
                }
                total += each.length;
                joined++;
            }
            if (joined == 1) {
                pieces.add(messages.remove());
                continue;
            }
            byte[] piece = new byte[total];
            int at = 0;
            for (int i = 0; i < joined; i++) {
                byte[] each = messages.remove();
                System.arraycopy(each, 0, piece, at, each.length);
                at += each.length;
            }
            pieces.add(piece);
        }
        return pieces;
    }

    private void refuse(List<String> ending) {
        List<String> fields = new ArrayList<>(ending.size() + 2);
        fields.add("content-type");
        fields.add(GrpcProtocol.CONTENT_TYPE);
        fields.addAll(ending);
        stream.answer(200, fields, -1, false);
        stream.end();
    }

    /** The client has taken {@code length} bytes. On the event loop. */
    private void taken(int length) {
        progressAt = call.now();
        boolean isReadyNow;
        synchronized (this) {
            unsent -= length;
            isReadyNow = !wasReady && unsent < readyBelow;
            wasReady |= isReadyNow;
            if (waiters > 0 && unsent <= WAITS_ABOVE / 2) {
                notifyAll();
            }
        }
        if (isReadyNow) {
            call.becameReady();
        }
    }

    /** Whether the client takes what is sent. */
    synchronized boolean isReady() {
        return !hasEnded && trailers == null && unsent < readyBelow;
    }

    /** With so many bytes on their way the call is not ready for more. */
    synchronized void readyBelow(int bytes) {
        readyBelow = bytes;
    }

    /** Whether something waits for the client, which has taken nothing for {@code stall} nanoseconds. */
    boolean isStalled(long now, long stall) {
        if (stall == 0 || now - progressAt <= stall) {
            return false;
        }
        synchronized (this) {
            return (hasEnded && isHeadWritten) || waiters > 0;
        }
    }

    /** The stream has ended: nothing is written any more. */
    synchronized void end() {
        hasEnded = true;
        messages.clear();
        notifyAll();
    }

    /** How many bytes of messages were written. */
    long sent() {
        return sent;
    }
}
