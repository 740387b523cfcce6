package io.lynx.grpc.client.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.OutgoingCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a call on their way to the server. They wait until there is a stream, and are written to it one piece after the
 * other, as the server takes them. Until something of the answer has arrived they are kept, up to a bound, so that another attempt
 * can send them again. Thread-safe.
 */
final class RequestMessages {
    /** More than this is not kept for another attempt. */
    private static final int MOST_KEPT = 256 * 1024;

    private static final int PIECE = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final int readyBelow;
    private final Runnable onReady;

    @GuardedBy("this")
    private @Nullable List<byte[]> kept = new ArrayList<>(1);

    @GuardedBy("this")
    private long keptBytes;

    @GuardedBy("this")
    private final Deque<byte[]> pending = new ArrayDeque<>(1);

    @GuardedBy("this")
    private long unsent;

    @GuardedBy("this")
    private @Nullable OutgoingCall stream;

    @GuardedBy("this")
    private boolean isWriting;

    @GuardedBy("this")
    private boolean hasEnded;

    @GuardedBy("this")
    private boolean isEndWritten;

    /**
     * No messages yet.
     *
     * @param readyBelow how many bytes may wait while the call takes more
     * @param onReady is called when the call takes more again
     */
    RequestMessages(int readyBelow, Runnable onReady) {
        this.readyBelow = readyBelow;
        this.onReady = onReady;
    }

    /** Adds a message with its prefix. */
    synchronized void add(byte[] message) {
        List<byte[]> known = kept;
        if (known != null) {
            keptBytes += message.length;
            if (keptBytes > MOST_KEPT) {
                kept = null;
            } else {
                known.add(message);
            }
        }
        pending.add(message);
        unsent += message.length;
        write();
    }

    /** No message follows. */
    synchronized void end() {
        hasEnded = true;
        write();
    }

    /**
     * Returns the whole body if no message follows, which counts as written then; null if messages may follow, or nothing is sent any
     * more.
     */
    synchronized byte @Nullable [] takeWhole() {
        if (!hasEnded || isEndWritten) {
            return null;
        }
        byte[] whole = take(Integer.MAX_VALUE);
        unsent = 0;
        isEndWritten = true;
        return whole;
    }

    /** From now on messages are written to {@code target}; returns whether the call takes more. */
    synchronized boolean attach(OutgoingCall target) {
        stream = target;
        write();
        return isReady();
    }

    /** Whether another attempt can send everything again. */
    synchronized boolean canRepeat() {
        return kept != null;
    }

    /** The stream is of no use any more; returns whether another one can be attached. */
    synchronized boolean detach() {
        List<byte[]> known = kept;
        stream = null;
        isWriting = false;
        if (known == null) {
            return false;
        }
        pending.clear();
        pending.addAll(known);
        unsent = keptBytes;
        isEndWritten = false;
        return true;
    }

    /** Nothing is kept for another attempt any more. */
    synchronized void commit() {
        kept = null;
    }

    /** Nothing is sent any more. */
    synchronized void close() {
        kept = null;
        stream = null;
        pending.clear();
        unsent = 0;
        hasEnded = true;
        isEndWritten = true;
    }

    synchronized boolean isReady() {
        return stream != null && !hasEnded && unsent < readyBelow;
    }

    @GuardedBy("this")
    private void write() {
        OutgoingCall target = stream;
        if (target == null || isWriting) {
            return;
        }
        if (!pending.isEmpty()) {
            byte[] piece = take(PIECE);
            isWriting = true;
            target.write(piece, 0, piece.length, succeeded -> written(target, piece.length, succeeded));
        } else if (hasEnded && !isEndWritten) {
            isEndWritten = true;
            target.end();
        }
    }

    /** Takes at least one message of those that wait, and more as long as they fit into a piece. */
    @GuardedBy("this")
    private byte[] take(int most) {
        byte[] first = pending.pollFirst();
        if (first == null) {
            return NOTHING;
        }
        int length = first.length;
        int count = 0;
        for (byte[] next : pending) {
            if ((long) length + next.length > most) {
                break;
            }
            length += next.length;
            count++;
        }
        if (count == 0) {
            return first;
        }
        byte[] piece = new byte[length];
        System.arraycopy(first, 0, piece, 0, first.length);
        int at = first.length;
        for (; count > 0; count--) {
            byte[] next = pending.removeFirst();
            System.arraycopy(next, 0, piece, at, next.length);
            at += next.length;
        }
        return piece;
    }

    private void written(OutgoingCall target, int length, boolean succeeded) {
        boolean becameReady;
        synchronized (this) {
            if (!target.equals(stream)) {
                return;
            }
            boolean wasReady = isReady();
            isWriting = false;
            unsent -= length;
            if (succeeded) {
                write();
            }
            becameReady = succeeded && !wasReady && isReady();
        }
        if (becameReady) {
            onReady.run();
        }
    }
}
