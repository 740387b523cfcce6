package io.lynx.logging;

import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes lines to a stream on a thread of its own, through a bounded buffer. Thread-safe.
 *
 * <p>Callers fill one byte array while the thread writes another; the two are swapped when the second is written. So a
 * burst of lines costs one write, and a stream that blocks holds only the writing thread. While the buffer is full,
 * callers wait. If the stream has accepted nothing for {@code patience}, their lines are dropped and counted, and later
 * callers do not wait until it accepts data again. Then one line reports the number of dropped lines.
 *
 * <p>A line is written within microseconds; the thread does not wait until the buffer is full. Under load, all lines of a
 * millisecond are written together. Lines in the buffer are lost if the process is killed or halted, so call {@link
 * #flush} before halting. After {@link #close}, a caller returns only when its line is written or 100 ms have passed, so
 * lines of shutdown hooks are written too.
 *
 * <p>If the stream fails, for example because a pipe is closed, the lines that it was given are lost and counted as
 * dropped. If the thread ends of a failure of the virtual machine, or cannot be started, a later line starts another one.
 */
final class LineWriter {
    /** The maximum size of one write. Small writes show that a slow reader still reads. */
    private static final int PIECE = 64 << 10;

    /** The time between two writes under load. */
    private static final long INTERVAL_NANOS = Duration.ofMillis(1).toNanos();

    /** How many writes may follow each other at once before the thread begins to wait between them. */
    private static final int BURST = 20;

    private static final long AT_THE_END_NANOS = Duration.ofMillis(100).toNanos();

    private final OutputStream stream;
    private final int capacity;
    private final long patienceNanos;
    private final Notice droppedNotice;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition moved = lock.newCondition();
    private final Condition hurried = lock.newCondition();

    private final Ticker ticker = Ticker.system();
    private final RestartedThread thread = new RestartedThread("lynx-log", this::writeForEver, this::resume, ticker);
    private volatile long movedAt = ticker.nanos();

    // The following fields are guarded by the lock.
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

    /**
     * Creates a writer, which starts its thread with the first line.
     *
     * @param stream flushed after each write, never closed
     * @param capacity the size of the buffer in bytes; a longer line is accepted when the buffer is empty
     * @param patience how long a caller waits while the stream accepts nothing
     * @param droppedNotice creates the line that reports dropped lines
     */
    LineWriter(OutputStream stream, int capacity, Duration patience, Notice droppedNotice) {
        this.stream = stream;
        this.capacity = capacity;
        this.patienceNanos = patience.toNanos();
        this.droppedNotice = droppedNotice;
        this.filling = new byte[Math.min(capacity, 8 << 10)];
        this.writing = new byte[Math.min(capacity, 8 << 10)];
    }

    /** Creates the line that reports the number of dropped lines, its end-of-line included. */
    interface Notice {
        byte[] line(long dropped);
    }

    /** Adds {@code line}, its end-of-line included; drops it if the buffer has no space for it in time. */
    void append(byte[] line) {
        lock.lock();
        try {
            thread.ensure();
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
     * Waits until every line that was added before the call is written.
     *
     * @return whether that happened before the deadline
     */
    boolean flush(Deadline deadline) {
        lock.lock();
        try {
            long target = appended;
            resume();
            return awaitWritten(target, deadline.remainingNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Flushes the buffer. From now on callers wait until their own lines are written. */
    boolean close(Deadline deadline) {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        return flush(deadline);
    }

    /** Returns the number of lines that were dropped so far. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Starts the thread if lines wait for one, such as those that came while it ended. */
    private void resume() {
        lock.lock();
        try {
            if (length > 0) {
                thread.ensure();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Records that the stream accepts nothing, so that callers do not wait until it does. */
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
        filled.signal();
    }

    /** Waits for space while the stream accepts data, however slowly, and up to {@code patience} while it does not. */
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

    /**
     * Waits, holding the lock, until the stream has accepted data. An interrupt is kept for later and does not drop the
     * line.
     */
    @SuppressWarnings("WaitNotInLoop") // Both callers loop.
    private void awaitMove(long nanos) {
        boolean interrupted = Thread.interrupted();
        hurried.signal();
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

    private void writeForEver() {
        // Each write moves this by the interval. After a pause, it is in the past, so that a burst of writes does not
        // wait.
        long due = ticker.nanos() - BURST * INTERVAL_NANOS;
        while (true) {
            int size;
            int lines;
            lock.lock();
            try {
                while (length == 0) {
                    filled.awaitUninterruptibly();
                }
                long now = ticker.nanos();
                due = Math.clamp(due + INTERVAL_NANOS, now - BURST * INTERVAL_NANOS, now + INTERVAL_NANOS);
                if (due > now && !lock.hasWaiters(moved)) {
                    gather(due - now);
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
            boolean out = false;
            try {
                out = write(writing, size);
            } finally {
                afterWrite(lines, out);
            }
        }
    }

    /** Waits for further lines, until a caller waits for the thread. */
    @SuppressWarnings("WaitNotInLoop") // To wait less does no harm.
    private void gather(long nanos) {
        try {
            long _ = hurried.awaitNanos(nanos);
        } catch (InterruptedException _) {
            // Nothing interrupts this thread; what is there is written.
        }
    }

    private boolean write(byte[] bytes, int size) {
        // The thread goes on, whatever one write throws: these lines are counted as dropped.
        return UserCode.run(
                () -> {
                    for (int from = 0; from < size; from += PIECE) {
                        stream.write(bytes, from, Math.min(PIECE, size - from));
                        movedAt = ticker.nanos();
                    }
                    stream.flush();
                },
                _ -> {});
    }

    private void afterWrite(int lines, boolean out) {
        lock.lock();
        try {
            written += lines;
            if (!out) {
                dropped += lines;
            }
            if (out && dropped > reported && length <= capacity) {
                // If the notice fails, there is one after the next write.
                boolean _ = UserCode.run(this::reportDropped, _ -> {});
            }
        } finally {
            moved.signalAll();
            lock.unlock();
        }
    }

    private void reportDropped() {
        put(droppedNotice.line(dropped - reported));
        reported = dropped;
    }
}
