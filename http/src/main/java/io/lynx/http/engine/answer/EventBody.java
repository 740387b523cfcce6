package io.lynx.http.engine.answer;

import io.lynx.http.ClientGoneException;
import io.lynx.http.DrainCallback;
import io.lynx.http.EventStream;
import io.lynx.http.EventStreamOptions;
import io.lynx.http.HttpException;
import io.lynx.http.ServerSentEvent;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.telemetry.EndStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events of one answer. Each is written at once; what the operating system does not take waits in the {@link WriteBuffer}, within
 * its bound. The lock is never held while a thread waits for the client. Thread-safe.
 */
public final class EventBody implements EventStream, LongLivedBody {
    private static final byte[] HEARTBEAT = {':', '\n', '\n'};

    private final AnsweredExchange exchange;
    private final AnswerWriter answer;
    private final int bound;
    private final long heartbeat;
    private final @Nullable String lastId;
    private final Pending pending = new Pending();
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private long quietSince;
    private boolean isActive = true;
    private boolean isClosed;
    private volatile boolean isGone;

    private EventBody(AnsweredExchange exchange, EventStreamOptions options, @Nullable String lastId) {
        this.exchange = exchange;
        this.answer = exchange.answer();
        this.bound = Math.toIntExact(options.maxPending().bytes());
        this.heartbeat = RequestTimeLimit.nanos(options.heartbeat());
        this.lastId = lastId == null || lastId.isEmpty() ? null : EventText.lastId(lastId);
    }

    /**
     * Sends the head of a stream of events.
     *
     * @throws HttpException (503) if there are too many long-lived answers
     */
    public static EventBody begin(AnsweredExchange exchange, AnswerHeaders response, EventStreamOptions options) {
        EventBody body =
                new EventBody(exchange, options, exchange.stream().head().header("last-event-id"));
        if (exchange.stream().head().method().equals("HEAD") || AnswerWriter.isBodiless(response.ownStatus())) {
            body.isGone = true;
            body.ended.countDown();
            response.begun();
            response.transmit(AnswerWriter.NOTHING);
            return body;
        }
        DrainCallback onDrain = options.onDrain().orElse(_ -> body.farewell());
        body.lock.lock();
        try {
            LongLivedAnswer.begin(exchange, body, onDrain);
            response.begun();
            body.answer.begin(response, body.pending);
            boolean _ = body.transmit(AnswerWriter.NOTHING);
        } catch (IOException clientGone) {
            throw new ClientGoneException();
        } finally {
            body.lock.unlock();
        }
        return body;
    }

    /** What waits for the client. The periodic check of the request's time limits keeps the heartbeat. */
    private final class Pending extends WriteBuffer {
        @Override
        protected void checked(long now) {
            beat(now);
        }

        @Override
        protected void fail() {
            super.fail();
            isGone = true;
            ended.countDown();
        }
    }

    /** On the event loop: it must not wait. A thread that is writing now makes the heartbeat needless. */
    private void beat(long now) {
        if (heartbeat == 0 || !lock.tryLock()) {
            return;
        }
        try {
            if (isActive) {
                isActive = false;
                quietSince = now;
            } else if (!isClosed && !isGone && now - quietSince >= heartbeat && pending.isEmpty()) {
                quietSince = now;
                boolean _ = transmit(HEARTBEAT);
            }
        } catch (IOException clientGone) {
            // The end of the request follows.
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> lastEventId() {
        return Optional.ofNullable(lastId);
    }

    @Override
    public void send(ServerSentEvent event) {
        write(EventText.of(event, exchange.json()));
    }

    @Override
    public void comment(String text) {
        write(EventText.comment(text));
    }

    private void write(byte[] bytes) {
        try {
            while (!tryWrite(bytes)) {
                pending.awaitRoom(bytes.length, bound);
            }
        } catch (IOException clientGone) {
            throw new ClientGoneException();
        }
    }

    private boolean tryWrite(byte[] bytes) throws IOException {
        lock.lock();
        try {
            if (isGone) {
                throw new ClientGoneException();
            }
            if (isClosed) {
                throw new IllegalStateException("event stream: it is closed; events are sent before that");
            }
            isActive = true;
            return transmit(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a piece if no more than the bound then waits for the client; returns whether it did. It never waits itself. */
    private boolean transmit(byte[] piece) throws IOException {
        if (!pending.tryReserve(piece.length, bound, answer.now())) {
            return false;
        }
        answer.writeReserved(pending, piece, 0, piece.length);
        return true;
    }

    @Override
    public boolean offer(ServerSentEvent event) {
        if (!isOpen()) {
            return false;
        }
        try {
            if (tryWrite(EventText.of(event, exchange.json()))) {
                return true;
            }
        } catch (IOException | ClientGoneException | IllegalStateException hasEnded) {
            return false;
        }
        isGone = true;
        exchange.abort(EndStatus.CLIENT_GONE);
        return false;
    }

    @Override
    public boolean isOpen() {
        return ended.getCount() > 0 && !isGone;
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** The server is shutting down, and nothing else is to be done about it: the client connects to another instance. */
    private void farewell() {
        lock.lock();
        try {
            if (isClosed || isGone) {
                return;
            }
            boolean _ = transmit(EventText.comment("the server is shutting down"));
            complete();
            isGone = true;
        } catch (IOException clientGone) {
            return;
        } finally {
            lock.unlock();
        }
        exchange.endHandler();
    }

    @Override
    public boolean tryComplete() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            complete();
            isGone = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            complete();
        } finally {
            lock.unlock();
        }
    }

    private void complete() {
        if (!isClosed) {
            isClosed = true;
            ended.countDown();
            answer.end();
        }
    }
}
