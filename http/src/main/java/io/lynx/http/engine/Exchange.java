package io.lynx.http.engine;

import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.HttpException;
import io.lynx.json.JsonCodec;
import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Moves one request from its head to its answer.
 *
 * <p>It begins on the event loop when the head has been read. The body is read there up to {@link Body#EAGER} bytes, then the
 * handler runs: on a virtual thread, or on the event loop. {@link AnswerWriter} decides who writes the answer: the handler, or
 * the event loop for a refusal or a time-out. A request that is cancelled goes on to run until its handler returns, and is in
 * flight until then.
 */
final class Exchange implements Runnable, StreamListener {
    static final byte[] NOTHING = new byte[0];

    private final ServerContext server;
    private final Stream stream;
    private final ServerRequest request;
    private final ServerResponse response;
    private final AnswerWriter answer;
    private final ExchangeRecord record;
    private final long number;
    private final AtomicBoolean workDone = new AtomicBoolean();

    private RouteTarget target = RouteTarget.NONE;
    private Body body = Body.empty();
    private @Nullable BodyReader reader;
    private boolean dispatched;
    private volatile boolean cancelled;
    private volatile @Nullable Thread thread;
    private @Nullable ResponseStream open;

    Exchange(ServerContext server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.request = new ServerRequest(this, stream.head());
        this.response = new ServerResponse(this);
        this.answer = new AnswerWriter(server, stream);
        this.record = new ExchangeRecord(server, stream.head(), answer);
        this.number = server.nextNumber();
    }

    // On the event loop: from the head to the handler.

    /** The head has been read. */
    void start() {
        stream.listen(this);
        try {
            requireHead();
            target = server.target(stream.head());
            target = target.onThread(request);
            if (stream.hasBody()) {
                BodyReader incoming = new BodyReader(this, server, stream, record.startedAt());
                reader = incoming;
                body = incoming.body();
            }
            if (server.inFlight().current() > server.config().maxInFlight()) {
                server.inFlight().recordRejection();
                throw new HttpException(503, "too many requests at a time", Map.of("Retry-After", "1"));
            }
            BodyReader incoming = reader;
            if (incoming == null || !incoming.begin(target)) {
                dispatch();
            }
        } catch (HttpException e) {
            server.rejected(Rejection.of(e));
            refuse(e);
        }
    }

    private void requireHead() {
        HeadDefect defect = stream.head().defect();
        if (defect != null) {
            throw switch (defect) {
                case LINE_TOO_LONG -> new HttpException(414, "the request line is too long");
                case HEADERS_TOO_LARGE -> new HttpException(431, "the headers are too large");
                case UNSUPPORTED_VERSION -> new HttpException(505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
                case MALFORMED -> new HttpException(400, "malformed request");
            };
        }
        BuiltInResponses.requireHeaders(stream.head());
    }

    /** Runs the handler, once. */
    void dispatch() {
        if (dispatched || cancelled) {
            return;
        }
        if (target.isRefused()) {
            refuseAbsent();
            return;
        }
        dispatched = true;
        if (target.isNonBlocking()) {
            handle();
            workDone();
        } else {
            stream.dispatch(this);
        }
    }

    /** Answers on the event loop, in place of the handler. */
    void refuse(HttpException problem) {
        sendProblem(response.inItsPlace(), problem);
        withoutHandler();
    }

    /** The plugin that would answer is about to stop. */
    private void refuseAbsent() {
        HttpException problem = new PluginAbsentException();
        server.countRefusals(problem);
        refuse(problem);
    }

    /** No handler runs for it, and none will. */
    private void withoutHandler() {
        if (!dispatched) {
            dispatched = true;
            workDone();
        }
    }

    // On the handler's thread.

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            if (!cancelled) {
                handle();
            }
        } finally {
            thread = null;
            workDone();
        }
    }

    private void handle() {
        try {
            target.handler().handle(request, response);
            ResponseStream begun = open;
            if (begun != null) {
                begun.close();
            } else if (!response.isAnswered() && !cancelled) {
                throw new IllegalStateException("handler: it returned without an answer");
            } else if (!response.isSent() && !cancelled) {
                response.finish(NOTHING, "");
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            failed(failure);
        }
    }

    /** The caller gets its answer first; then the failure is recorded and logged. */
    private void failed(Throwable failure) {
        HttpException problem = target.isRefused() ? new PluginAbsentException() : Problem.answerTo(failure);
        if (answer.isBroken() || failure instanceof ClientGoneException) {
            record.abort(stream, ExchangeRecord.CLIENT_GONE);
            return;
        }
        boolean isCutShort = answer.isClaimed();
        if (isCutShort && !answer.isComplete() && !cancelled) {
            record.abort(stream, 500);
        } else if (!isCutShort) {
            sendProblem(response.inItsPlace(), problem);
        }
        server.countRefusals(problem);
        if (!cancelled && !target.isRefused()) {
            server.failures().failed(target.route(), request, id(), failure, problem, server.repeats());
        }
    }

    private void workDone() {
        if (workDone.compareAndSet(false, true)) {
            AcceptedRequests accepted = target.accepted();
            if (accepted != null) {
                accepted.end();
            }
            stream.workDone();
        }
    }

    // Writing, on the thread that has claimed the answer.

    /** Sends {@code problem}, or a plain 500 if it cannot be written. */
    void sendProblem(ServerResponse into, HttpException problem) {
        try {
            byte[] json = Problem.json(problem, id());
            problem.headers().forEach(into::header);
            into.status(problem.status()).type(Problem.TYPE).header("X-Request-Id", id());
            into.finish(json, Problem.TYPE);
        } catch (Throwable unusable) {
            UserCode.rethrowIfFatal(unusable);
            ServerResponse plain = response.inItsPlace();
            plain.status(500).type(Problem.TYPE).header("X-Request-Id", id());
            plain.finish(Problem.json(new HttpException(500, ""), id()), Problem.TYPE);
            server.failures().unusable(target.route(), request, id(), unusable, server.repeats());
        }
    }

    void send(ServerResponse whole, byte[] bytes) {
        answer.send(
                whole, bytes, !target.isNonBlocking() && Thread.currentThread().equals(thread));
    }

    void streaming(ResponseStream stream) {
        this.open = stream;
    }

    void begin(ServerResponse head) throws IOException {
        answer.begin(head);
    }

    void write(byte[] piece) throws IOException {
        answer.write(piece);
    }

    void end() {
        answer.end();
    }

    // On the event loop: how it ends.

    @Override
    public void ended(StreamEnd end) {
        if (end != StreamEnd.ANSWERED) {
            cancel();
        }
        record.ended(end, target.route(), reader);
        withoutHandler();
    }

    private void cancel() {
        cancelled = true;
        answer.fail();
        body.fail(new ClientGoneException());
        if (target.isInterruptible()) {
            interrupt();
        }
    }

    @Override
    public void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void check(long now) {
        long stall = server.stallTimeout();
        BodyReader incoming = reader;
        if (answer.isStalled(now, stall)) {
            server.timedOut(RequestTimeLimit.ANSWER);
            cancel();
            record.abort(stream, ExchangeRecord.CLIENT_GONE);
        } else if (answer.isClaimed()) {
            return;
        } else if (target.isRefused()) {
            refuseAbsent();
            cancel();
        } else if (incoming != null && needsBody() && incoming.isStalled(now, stall)) {
            timedOut(RequestTimeLimit.BODY, new HttpException(408, "the body arrived too slowly"));
        } else if (target.isExpired(now - record.startedAt(), server)) {
            if (needsBody()) {
                timedOut(RequestTimeLimit.BODY, new HttpException(408, "the body arrived too slowly"));
            } else {
                timedOut(
                        RequestTimeLimit.REQUEST,
                        new HttpException(503, "the request took too long", Map.of("Retry-After", "1")));
            }
        }
    }

    private void timedOut(RequestTimeLimit limit, HttpException problem) {
        server.timedOut(limit);
        refuse(problem);
        cancel();
    }

    /** Whether the handler cannot begin, or continue, without more of the body. */
    private boolean needsBody() {
        return (!dispatched || body.isAwaited()) && !body.isEnded();
    }

    // What requests, responses and the reader of the body ask.

    boolean isDispatched() {
        return dispatched;
    }

    /** Whether the answer has not begun and the client is there. */
    boolean isUnanswered() {
        return !cancelled && !answer.isClaimed();
    }

    int answeredStatus() {
        return answer.status();
    }

    @Nullable
    Route route() {
        return target.route();
    }

    List<String> pathValues() {
        return target.pathValues();
    }

    Body body() {
        return body;
    }

    boolean isCancelled() {
        return cancelled;
    }

    InetSocketAddress peer() {
        return stream.peer();
    }

    InetSocketAddress local() {
        return stream.local();
    }

    Object connection() {
        return stream.connection();
    }

    JsonCodec json() {
        return server.json();
    }

    /** Refuses what would block the event loop. */
    void requireBlocking(String what) {
        if (target.isNonBlocking()) {
            throw new IllegalStateException(what + ": not on the event loop; make the route a blocking one");
        }
    }

    String id() {
        String given = stream.head().header("x-request-id");
        return given != null && HeaderText.isRequestId(given) ? given : server.requestId(number);
    }

    @Override
    public String toString() {
        Head head = stream.head();
        return head.method() + " " + Target.path(head.target());
    }
}
