package io.lynx.http.websocket.engine;

import io.lynx.http.ClientGoneException;
import io.lynx.http.engine.exchange.ProtocolSwitch;
import io.lynx.http.websocket.CloseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of one socket. A long message is sent in fragments, so that a slow client takes it piece by piece; between them, no
 * other message may be sent, but control frames may. The lock is never held while a thread waits for the client. Thread-safe.
 */
final class Outbox {
    static final int FRAGMENT = 64 * 1024;

    private final int bound;

    /** Held while a message is sent that may have to wait. */
    private final ReentrantLock sending = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ProtocolSwitch connection;
    private @Nullable CloseStatus early;
    private boolean isFragmenting;
    private boolean isClosed;
    private byte @Nullable [] owedPong;
    private @Nullable List<byte[]> deferred;
    private long deferredBytes;

    /** Creates one in which {@code bound} bytes may wait for the client. */
    Outbox(int bound) {
        this.bound = bound;
    }

    /** Frames can be sent from now on. */
    void begin(ProtocolSwitch begun) {
        lock.lock();
        try {
            connection = begun;
            CloseStatus waiting = early;
            if (waiting != null) {
                force(begun, Frames.close(waiting));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a message; waits while the client is slow.
     *
     * @throws ClientGoneException if the socket is closed
     */
    void send(int opcode, boolean isCompressed, byte[] payload) {
        sending.lock();
        try {
            if (payload.length <= FRAGMENT) {
                write(Frames.whole(opcode, isCompressed, payload));
            } else {
                sendFragments(opcode, isCompressed, payload);
            }
        } finally {
            sending.unlock();
        }
    }

    private void sendFragments(int opcode, boolean isCompressed, byte[] payload) {
        fragmenting(true);
        try {
            for (int at = 0; at < payload.length; at += FRAGMENT) {
                write(Frames.part(opcode, isCompressed, payload, at, Math.min(FRAGMENT, payload.length - at)));
            }
        } finally {
            fragmenting(false);
        }
    }

    private void fragmenting(boolean isBeginning) {
        lock.lock();
        try {
            isFragmenting = isBeginning;
            List<byte[]> waiting = deferred;
            ProtocolSwitch open = connection;
            if (waiting != null && open != null && !isBeginning) {
                deferred = null;
                deferredBytes = 0;
                if (!isClosed) {
                    waiting.forEach(frame -> force(open, frame));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] frame) {
        while (!tryWrite(frame)) {
            open().awaitRoom(frame.length, bound);
        }
    }

    private boolean tryWrite(byte[] frame) {
        lock.lock();
        try {
            return open().tryWrite(frame, bound);
        } finally {
            lock.unlock();
        }
    }

    private ProtocolSwitch open() {
        lock.lock();
        try {
            ProtocolSwitch open = connection;
            if (open == null || isClosed) {
                throw new ClientGoneException();
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Sends a message if no more than the bound then waits for the client; returns whether it did. It never waits. */
    boolean offer(int opcode, boolean isCompressed, byte[] payload) {
        byte[] frame = Frames.whole(opcode, isCompressed, payload);
        lock.lock();
        try {
            ProtocolSwitch open = open();
            if (!isFragmenting) {
                return open.tryWrite(frame, bound);
            }
            if (deferredBytes + frame.length > bound) {
                return false;
            }
            List<byte[]> waiting = deferred == null ? new ArrayList<>() : deferred;
            deferred = waiting;
            waiting.add(frame);
            deferredBytes += frame.length;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Asks the client for a sign of life, unless something else waits for it. */
    void ping() {
        lock.lock();
        try {
            ProtocolSwitch open = connection;
            if (open != null && !isClosed && open.isDrained()) {
                force(open, Frames.whole(FrameHead.PING, false, new byte[0]));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers a ping, now or when the client has taken what waits for it; then only the last of several is answered. */
    void pong(byte[] payload) {
        lock.lock();
        try {
            owedPong = payload;
            ProtocolSwitch open = connection;
            if (open != null && open.isDrained()) {
                drained();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client has taken everything. */
    void drained() {
        lock.lock();
        try {
            byte[] payload = owedPong;
            ProtocolSwitch open = connection;
            owedPong = null;
            if (payload != null && open != null && !isClosed) {
                force(open, Frames.whole(FrameHead.PONG, false, payload));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends a close frame, unless one was sent; nothing follows it. Does not wait. */
    void close(CloseStatus status) {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            ProtocolSwitch open = connection;
            if (open == null) {
                early = status;
            } else {
                force(open, Frames.close(status));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends a close frame, unless one was sent or another thread is writing now; returns whether one was sent. */
    boolean tryClose(CloseStatus status) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            close(status);
            return connection != null;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is lost. */
    void lost() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }

    private static void force(ProtocolSwitch open, byte[] frame) {
        try {
            boolean _ = open.tryWrite(frame, Integer.MAX_VALUE);
        } catch (ClientGoneException gone) {
            // The end of the socket follows.
        }
    }
}
