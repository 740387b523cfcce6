package io.lynx.logging;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a stream from a thread of its own, through a bounded buffer. Thread-safe.
 *
 * <p>Callers fill one byte array while the writing thread has another in hand; the two are swapped when the stream has
 * taken all of the second. So a burst costs one write, and a stream that blocks holds the writing thread alone. While the
 * buffer is full, callers wait; when the stream has not moved for {@code patience}, their lines are dropped and counted, and
 * nobody waits again until it has moved. When it has, one line says how many are missing.
 *
 * <p>A line is written as soon as the thread gets to it, within microseconds; nothing waits for a buffer to fill. What is
 * still in the buffer is lost if the process is killed or halted, so {@link #flush} before halting. After {@link #close} a
 * caller returns only when its line is written, or 100 ms have passed: lines from shutdown hooks get out too.
 *
 * <p>A stream that fails (a closed pipe) loses the lines it was given; they are counted as dropped.
 */
final class LineWriter {
    /** What is written at a time, so that a slow reader is seen to read. */
    private static final int PIECE = 64 << 10;

    private static final long AT_THE_END_NANOS = Duration.ofMillis(100).toNanos();

    private final OutputStream stream;
    private final int capacity;
    private final long patienceNanos;
    private final Notice droppedNotice;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition moved = lock.newCondition();

    private final Ticker ticker = Ticker.system();
    private volatile long movedAt = ticker.nanos();

    // All guarded by the lock.
    private byte[] filling;
    private byte[] writing;
    private int length;
    private long appended;
    private long written;
    private long dropped;
    private long reported;
    private int linesFilling;
    private boolean stalled;
    private long stalledAt;
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * A writer that starts its thread with the first line.
     *
     * @param stream flushed after each write, never closed
     * @param capacity of the buffer in bytes; a longer line is taken when the buffer is empty
     * @param patience how long a caller waits for a stream that does not move
     * @param droppedNotice makes the line that says how many lines were dropped
     */
    LineWriter(OutputStream stream, int capacity, Duration patience, Notice droppedNotice) {
        this.stream = stream;
        this.capacity = capacity;
        this.patienceNanos = patience.toNanos();
        this.droppedNotice = droppedNotice;
        this.filling = new byte[Math.min(capacity, 8 << 10)];
        this.writing = new byte[Math.min(capacity, 8 << 10)];
    }

    /** Makes the line that says how many lines were dropped, end-of-line included. */
    interface Notice {
        byte[] line(long dropped);
    }

    /** Takes {@code line}, its end-of-line included, or drops it if there is no room for it in time. */
    void append(byte[] line) {
        lock.lock();
        try {
            if (!hasRoom(line) && (isStalled() || !awaitRoom(line))) {
                stall();
                dropped++;
                return;
            }
            put(line);
            long mine = appended;
            if (closed && !isStalled() && !awaitWritten(mine, Math.min(patienceNanos, AT_THE_END_NANOS))) {
                stall();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every line taken before the call is written.
     *
     * @return whether that came about before the deadline
     */
    boolean flush(Deadline deadline) {
        lock.lock();
        try {
            long target = appended;
            return awaitWritten(target, deadline.remainingNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Flushes, and from now on makes callers wait for their own lines. */
    boolean close(Deadline deadline) {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        return flush(deadline);
    }

    /** How many lines were dropped so far. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody need wait again until the stream moves. */
    private void stall() {
        stalled = true;
        stalledAt = movedAt;
    }

    private boolean isStalled() {
        return stalled && stalledAt == movedAt;
    }

    private boolean hasRoom(byte[] line) {
        return length == 0 || length + line.length <= capacity;
    }

    private void put(byte[] line) {
        if (length + line.length > filling.length) {
            byte[] larger = new byte[Math.max(length + line.length, Math.min(capacity, filling.length * 2))];
            System.arraycopy(filling, 0, larger, 0, length);
            filling = larger;
        }
        System.arraycopy(line, 0, filling, length, line.length);
        length += line.length;
        linesFilling++;
        appended++;
        if (thread == null) {
            thread = new WritingThread();
            thread.start();
        }
        filled.signal();
    }

    /** Waits for room as long as the stream moves, however slowly, and {@code patience} more. */
    private boolean awaitRoom(byte[] line) {
        long began = ticker.nanos();
        while (!hasRoom(line)) {
            long now = ticker.nanos();
            long still = Math.min(now - began, now - movedAt);
            if (still >= patienceNanos) {
                return false;
            }
            awaitMove(patienceNanos - still);
        }
        return true;
    }

    private boolean awaitWritten(long target, long nanos) {
        long end = ticker.nanos() + nanos;
        while (written < target) {
            long left = end - ticker.nanos();
            if (left <= 0) {
                return false;
            }
            awaitMove(left);
        }
        return true;
    }

    /** Waits with the lock held until the stream has moved; an interrupt is kept for later and does not cost the line. */
    @SuppressWarnings("WaitNotInLoop") // Both callers loop.
    private void awaitMove(long nanos) {
        boolean interrupted = Thread.interrupted();
        try {
            long _ = moved.awaitNanos(nanos);
        } catch (InterruptedException later) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class WritingThread extends Thread {
        WritingThread() {
            super("lynx-log");
            setDaemon(true);
        }

        @Override
        public void run() {
            writeForEver();
        }
    }

    private void writeForEver() {
        while (true) {
            int size;
            int lines;
            lock.lock();
            try {
                while (length == 0) {
                    filled.awaitUninterruptibly();
                }
                byte[] full = filling;
                filling = writing.length <= capacity ? writing : new byte[8 << 10];
                writing = full;
                size = length;
                lines = linesFilling;
                length = 0;
                linesFilling = 0;
                moved.signalAll();
            } finally {
                lock.unlock();
            }
            afterWrite(lines, write(writing, size));
        }
    }

    private boolean write(byte[] bytes, int size) {
        try {
            for (int from = 0; from < size; from += PIECE) {
                stream.write(bytes, from, Math.min(PIECE, size - from));
                movedAt = ticker.nanos();
            }
            stream.flush();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private void afterWrite(int lines, boolean out) {
        lock.lock();
        try {
            written += lines;
            if (!out) {
                dropped += lines;
            }
            if (out && dropped > reported && hasRoom(new byte[0])) {
                put(droppedNotice.line(dropped - reported));
                reported = dropped;
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
