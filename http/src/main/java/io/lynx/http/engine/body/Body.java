package io.lynx.http.engine.body;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way from the event loop, which adds to it, to the handler, which takes from it. It holds at most
 * {@link #FULL} bytes and what one more read brings; the source is then paused until half of that is taken. Thread-safe.
 */
public final class Body {
    /** The number of bytes that are read before the handler runs; a body that fits is complete by then. */
    static final int EAGER = 64 * 1024;

    /** The number of bytes that are held while the handler does not read. */
    static final int FULL = 256 * 1024;

    static final byte[] NOTHING = new byte[0];

    /** Chunks below this size share an array. */
    private static final int SMALL = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>(2);
    private final Source source;
    private long held;
    private boolean paused;
    private boolean ended;
    private boolean taken;
    private boolean awaited;
    private @Nullable RuntimeException failure;
    private byte @Nullable [] whole;

    /** What fills a body: a client's connection or stream. */
    interface Source {
        void pause();

        void resume();

        /** The handler begins to wait for bytes; a client that waits for {@code 100 Continue} receives it. */
        void awaited();
    }

    Body(Source source) {
        this.source = source;
    }

    /** Returns a body that is empty and complete. */
    static Body empty() {
        Body body = new Body(new Source() {
            @Override
            public void pause() {}

            @Override
            public void resume() {}

            @Override
            public void awaited() {}
        });
        body.ended = true;
        return body;
    }

    /**
     * Adds what has arrived.
     *
     * @param isWhole whether the handler gets the body whole; then the source is not paused for it
     */
    void add(byte[] chunk, boolean isWhole) {
        lock.lock();
        try {
            append(chunk);
            held += chunk.length;
            if (held >= FULL && !paused && !isWhole) {
                paused = true;
                source.pause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** An array of its own would cost a small chunk many times its size. */
    private void append(byte[] chunk) {
        byte[] last = chunks.peekLast();
        if (last == null || chunk.length >= SMALL || last.length >= SMALL) {
            chunks.add(chunk);
            return;
        }
        byte[] both = Arrays.copyOf(last, last.length + chunk.length);
        System.arraycopy(chunk, 0, both, last.length, chunk.length);
        chunks.removeLast();
        chunks.add(both);
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Reading throws {@code failure} from now on; a complete body stays readable. */
    public void fail(RuntimeException failure) {
        lock.lock();
        try {
            if (!ended && this.failure == null) {
                this.failure = failure;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the handler waits for bytes from the client. */
    boolean isAwaited() {
        lock.lock();
        try {
            return awaited && !ended && failure == null;
        } finally {
            lock.unlock();
        }
    }

    byte[] bytes() {
        if (whole == null) {
            take();
            whole = readAll();
        }
        return whole;
    }

    InputStream stream() {
        if (whole != null) {
            return new ByteArrayInputStream(whole);
        }
        take();
        return new BodyStream();
    }

    private void take() {
        if (taken) {
            throw new IllegalStateException("body: read already; a body is read once, as a stream or as a whole");
        }
        taken = true;
    }

    private byte[] readAll() {
        byte[] first = next();
        if (first == null) {
            return NOTHING;
        }
        byte[] second = next();
        if (second == null) {
            return first;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream((first.length + second.length) * 2);
        all.writeBytes(first);
        for (byte[] chunk = second; chunk != null; chunk = next()) {
            all.writeBytes(chunk);
        }
        return all.toByteArray();
    }

    /** The next chunk; null at the end. */
    private byte @Nullable [] next() {
        boolean resume = false;
        byte[] chunk;
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended && failure == null) {
                if (!awaited) {
                    awaited = true;
                    source.awaited();
                }
                changed.awaitUninterruptibly();
            }
            awaited = false;
            if (failure != null) {
                throw failure;
            }
            chunk = chunks.poll();
            held -= chunk == null ? 0 : chunk.length;
            if (paused && held <= FULL / 2) {
                paused = false;
                resume = true;
            }
        } finally {
            lock.unlock();
        }
        if (resume) {
            source.resume();
        }
        return chunk;
    }

    private final class BodyStream extends InputStream {
        private byte[] current = NOTHING;
        private int at;
        private boolean atEnd;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            while (at == current.length && !atEnd) {
                byte[] chunk = next();
                if (chunk == null) {
                    atEnd = true;
                } else {
                    current = chunk;
                    at = 0;
                }
            }
            if (atEnd) {
                return -1;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, target, offset, count);
            at += count;
            return count;
        }

        @Override
        public int available() {
            return current.length - at;
        }
    }
}
