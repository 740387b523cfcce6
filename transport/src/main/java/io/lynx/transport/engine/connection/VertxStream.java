package io.lynx.transport.engine.connection;

import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.transport.BodyListener;
import io.lynx.transport.DrainListener;
import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.ProxyHeader;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import io.lynx.transport.engine.framing.RawAnswer;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request of the library as a stream. What does not say otherwise belongs to the event loop. */
public final class VertxStream extends AnsweringStream implements Runnable {
    private static final int NO_ERROR = 0;
    private static final int INTERNAL_ERROR = 2;

    private final long startedAt;

    private StreamListener listener = SilentStream.INSTANCE;
    private @Nullable BodyListener body;
    private @Nullable StreamDrain drain;
    private @Nullable Runnable work;
    /** The thread that runs its handler; other threads read it for reports only, so a late value does no harm. */
    private @Nullable Thread worker;

    private boolean ended;
    private volatile boolean bodyRead;

    public VertxStream(
            ListenerState state, Connection connection, HttpServerRequest source, @Nullable HeadDefect defect) {
        super(state, connection, source, defect);
        this.startedAt = state.now();
        this.bodyRead = defect == null && !announcesBody();
    }

    /** The head has been read. */
    public void start() {
        beginCount();
        connection.streams().started(this);
        onClose(this::closed);
        if (defect() != null) {
            closeAfterAnswer();
        }
        worker = Thread.currentThread();
        try {
            state.handle(this);
        } finally {
            worker = null;
        }
    }

    @Override
    public Head head() {
        return this;
    }

    @Override
    public @Nullable ProxyHeader proxyHeader() {
        ProxyGate proxy = connection.proxy();
        return proxy == null ? null : proxy.header();
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public Object connection() {
        return connection;
    }

    @Override
    public void listen(StreamListener listener) {
        this.listener = listener;
    }

    @Override
    public void onEventLoop(Runnable task) {
        connection.execute(task);
    }

    @Override
    public void dispatch(Runnable task) {
        if (work == null) {
            work = task;
            connection.dispatch(this);
        } else {
            connection.dispatch(new FirstRun(task));
        }
    }

    /** Runs the first task that was dispatched, on its virtual thread, once. */
    @Override
    public void run() {
        Runnable task = work;
        if (task != null && beginWork()) {
            worker = Thread.currentThread();
            try {
                task.run();
            } finally {
                worker = null;
            }
        }
    }

    @Override
    public void announceLimit(long nanos) {
        if (nanos < state.checkInterval()) {
            connection.sweeper().hurry(this);
        }
    }

    // The body.

    @Override
    public boolean hasBody() {
        return announcesBody();
    }

    @Override
    public void read(BodyListener body) {
        this.body = body;
        source.handler(data -> body.received(data.getBytes()));
        source.endHandler(_ -> {
            bodyRead = true;
            body.completed();
        });
        connection.readsBody();
    }

    /** The rest of the body cannot be read. */
    void bodyFailed(String detail) {
        BodyListener listening = body;
        body = null;
        if (listening != null && !bodyRead && !ended) {
            listening.failed(detail);
        }
    }

    @Override
    public void pause() {
        RawBytes switched = raw();
        connection.execute(switched == null ? source::pause : switched::pause);
    }

    @Override
    public void resume() {
        RawBytes switched = raw();
        connection.execute(switched == null ? source::resume : switched::resume);
    }

    @Override
    public boolean isBodyRead() {
        return bodyRead;
    }

    @Override
    public void abort() {
        connection.execute(() -> {
            if (!ended) {
                end(isComplete() ? StreamEnd.ANSWERED : StreamEnd.ABORTED);
                cut();
            }
        });
    }

    // Streams that do not end like a request.

    @Override
    public boolean longLived(DrainListener drain) {
        if (!moveToLongLived()) {
            return false;
        }
        connection.execute(() -> {
            this.drain = new StreamDrain(drain, state.inFlight().longLived());
            state.drain().begin(this);
        });
        return true;
    }

    @Override
    public void upgrade(String protocol, List<String> headers, BodyListener incoming) {
        if (!offersUpgrade(protocol)) {
            throw new IllegalStateException("upgrade: the request does not offer '" + protocol + "'; switch only to"
                    + " what it names in Upgrade and Connection");
        }
        if (!bodyRead || isBegun()) {
            throw new IllegalStateException(
                    "upgrade: the body has not been read or the answer has begun; switch" + " before answering");
        }
        switchTo(connection.switchTo(
                RawAnswer.switching(protocol, state.date().now().toString(), headers), incoming));
    }

    /** The drain has begun; the stream may go on until {@code goodbye}. */
    void drainBegan(Deadline goodbye) {
        StreamDrain mine = drain;
        if (mine != null && !ended) {
            mine.begin(goodbye);
        }
    }

    /** Its time in the drain is over. */
    void sayGoodbye() {
        StreamDrain mine = drain;
        if (mine != null && !ended) {
            mine.end();
        }
    }

    /** The moment after its goodbye is over. */
    void cutLongLived() {
        if (drain != null && !ended) {
            cutOff();
            cut();
        }
    }

    // How it ends.

    @Override
    void flushed(boolean succeeded) {
        if (succeeded && isHttp2() && !bodyRead) {
            // RFC 9113, 8.1: the rest of the body is of no interest.
            reset(NO_ERROR);
        }
        if (succeeded) {
            end(StreamEnd.ANSWERED);
        } else {
            gone();
        }
    }

    private void closed() {
        if (isComplete()) {
            end(StreamEnd.ANSWERED);
        } else {
            gone();
        }
    }

    private void gone() {
        end(connection.isMalformed() && !bodyRead ? StreamEnd.MALFORMED : StreamEnd.CLIENT_GONE);
    }

    /** The listener is closed. */
    void cutOff() {
        if (ended) {
            return;
        }
        StreamDrain mine = drain;
        if (mine == null) {
            recordCutOff();
            end(StreamEnd.CUT_OFF);
        } else {
            mine.recordEnded();
            end(StreamEnd.DRAINED);
        }
        interrupt();
    }

    @Override
    public void interrupt() {
        listener.interrupt();
    }

    void check(long now) {
        listener.check(now);
    }

    @Override
    void checkUnfinished(EventLoop loop, long now) {
        if (connection.isServedBy(loop)) {
            check(now);
        }
    }

    /** The client has finished sending. */
    void peerFinished() {
        if (!ended) {
            listener.peerFinished();
        }
    }

    @Override
    RequestInFlight describe(long now) {
        String route = listener.routePattern();
        return new RequestInFlight(
                route == null ? protocol() + " request without a route" : route,
                Duration.ofNanos(Math.max(0, now - startedAt)),
                worker);
    }

    /** Whether a limit of the time until the answer begins applies no more. */
    boolean isAnswering() {
        return ended || isBegun();
    }

    private void end(StreamEnd end) {
        if (!ended) {
            ended = true;
            try {
                listener.ended(end);
            } finally {
                answerDone();
                connection.streams().finished(this);
            }
        }
    }

    private void cut() {
        if (isHttp2()) {
            reset(INTERNAL_ERROR);
        } else {
            connection.closeNow();
        }
    }
}
