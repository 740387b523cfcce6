package io.lynx.http.client.engine.call;

import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ParkedThread;
import io.lynx.http.client.engine.pool.TimeLimitKind;
import io.lynx.time.Deadline;
import io.lynx.transport.CallListener;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingHead;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call on a connection, seen from the thread that waits for its answer. An event loop fills it; one thread reads it.
 * Thread-safe.
 */
final class CallExchange implements CallListener {
    /** A streamed answer is not read further while this much of it waits for its reader. */
    private static final int UNREAD_HIGH = 256 * 1024;

    private static final int UNREAD_LOW = 64 * 1024;

    private final CallTime time;
    private final Duration readTimeout;
    private final ParkedThread reader;
    private final CallFailures failures;
    private final String address;
    private final AnswerBody body = new AnswerBody();
    private final Runnable onOver;
    private final long maxBuffered;
    private volatile @Nullable OutgoingCall call;
    private volatile @Nullable OutgoingConnection connection;
    private volatile @Nullable List<String> headers;
    private volatile int status;
    private volatile boolean isComplete;
    private volatile boolean isTooLarge;
    private volatile @Nullable OutgoingException failure;
    private volatile long activeAt;
    private volatile boolean isPaused;

    /**
     * Prepares a call.
     *
     * @param maxBuffered the largest body that is kept until it is complete; -1 if it is streamed to its reader
     * @param onOver is called once, when the connection does not carry the call any more
     */
    CallExchange(
            CallTime time,
            Duration readTimeout,
            long maxBuffered,
            CallFailures failures,
            String address,
            Runnable onOver) {
        this.time = time;
        this.readTimeout = readTimeout;
        this.maxBuffered = maxBuffered;
        this.failures = failures;
        this.address = address;
        this.onOver = onOver;
        this.reader = time.parkedThread();
        this.activeAt = time.ticker().nanos();
    }

    OutgoingCall start(OutgoingConnection carrier, OutgoingHead head) {
        connection = carrier;
        OutgoingCall started = carrier.call(head, this);
        call = started;
        return started;
    }

    // On the event loop.

    @Override
    public void head(int code, List<String> fields) {
        activeAt = time.ticker().nanos();
        status = code;
        headers = fields;
        if (maxBuffered < 0) {
            reader.wake();
        }
    }

    @Override
    public void received(byte[] bytes) {
        activeAt = time.ticker().nanos();
        if (isTooLarge) {
            cancel();
            return;
        }
        int waiting = body.add(bytes);
        if (maxBuffered < 0) {
            pauseAbove(waiting);
            reader.wake();
        } else if (waiting > maxBuffered) {
            isTooLarge = true;
            cancel();
            reader.wake();
        }
    }

    @Override
    public void completed() {
        onOver.run();
        isComplete = true;
        reader.wake();
    }

    @Override
    public void failed(OutgoingException reason) {
        onOver.run();
        failure = reason;
        reader.wake();
    }

    /** From now on the server is waited for, and not the one who provides the body. */
    void provided() {
        activeAt = time.ticker().nanos();
    }

    /** Bytes of the request were taken by the operating system. */
    void sent() {
        activeAt = time.ticker().nanos();
        reader.wake();
    }

    private void pauseAbove(int waiting) {
        OutgoingCall started = call;
        if (waiting > UNREAD_HIGH && !isPaused && started != null) {
            // In this order, so that what the reader resumes has been paused.
            started.pause();
            isPaused = true;
            resumeBelow();
        }
    }

    /** The reader may have taken everything before it could know that it has to resume. */
    private void resumeBelow() {
        if (isPaused && body.size() < UNREAD_LOW) {
            isPaused = false;
            activeAt = time.ticker().nanos();
            resume();
        }
    }

    // On the thread of the caller.

    /** Returns whether an answer has begun, so that the rest of the request is of no use. */
    boolean isAnswered() {
        return headers != null || isOver();
    }

    private boolean isOver() {
        return isComplete || isTooLarge || failure != null;
    }

    /** Waits for the head, and for the whole body if it is not streamed. */
    void awaitAnswer() throws InterruptedException, OutgoingException {
        await(maxBuffered < 0 ? this::isAnswered : this::isOver);
        if (isTooLarge) {
            throw failures.tooLarge();
        }
        OutgoingException reason = failure;
        if (reason != null && (maxBuffered >= 0 || headers == null)) {
            throw reason;
        }
    }

    /** Waits until {@code isDone}, as long as the server is not silent for too long. */
    void await(BooleanSupplier isDone) throws InterruptedException {
        while (!isDone.getAsBoolean()) {
            Duration left = readTimeout.minusNanos(time.ticker().nanos() - activeAt);
            if (time.end().isExpired()) {
                cancel();
                throw failures.timedOut(time);
            }
            if (left.isNegative() || left.isZero()) {
                cancel();
                retire();
                throw failures.timedOut(TimeLimitKind.READ, readTimeout);
            }
            Deadline silent = Deadline.after(left, time.ticker());
            Deadline next = silent.earliest(time.end());
            if (!reader.await(isDone, next) && !next.isExpired()) {
                cancel();
                throw failures.abandoned();
            }
        }
    }

    int status() {
        return status;
    }

    List<String> headers() {
        List<String> known = headers;
        return known == null ? List.of() : known;
    }

    byte[] wholeBody() {
        return body.takeAll();
    }

    /** Takes bytes of a streamed body, waiting for them; returns -1 at its end. */
    int read(byte[] target, int offset, int length) throws InterruptedException {
        await(() -> body.size() > 0 || isOver());
        int count = body.take(target, offset, length);
        if (count > 0) {
            resumeBelow();
            return count;
        }
        OutgoingException reason = failure;
        if (reason != null) {
            throw failures.failed(reason, address);
        }
        return -1;
    }

    /** Ends the call, if it is not over. */
    void cancel() {
        OutgoingCall started = call;
        if (started != null) {
            started.cancel();
        }
    }

    /** A connection on which the server is silent may be dead, so it takes no further calls. */
    private void retire() {
        OutgoingConnection carrier = connection;
        if (carrier != null) {
            carrier.close();
        }
    }

    private void resume() {
        OutgoingCall started = call;
        if (started != null) {
            started.resume();
        }
    }
}
