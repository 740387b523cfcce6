package io.lynx.http;

import io.lynx.json.JsonCodec;
import io.lynx.resilience.RateLimitExceededException;
import io.netty.buffer.Unpooled;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One request and its answer.
 *
 * <p>It begins on the event loop when the head is read. The body is read there up to {@link Body#EAGER} bytes, then the
 * handler runs: on a virtual thread, or right there. Whoever {@linkplain #claim claims} the answer writes it: the handler,
 * or the event loop for a refusal or a time-out; what the other does then has no effect. It ends, once, on the event loop:
 * when the last byte is handed to the kernel, or the client is gone, or we cut it off.
 */
final class Exchange implements Runnable {
    static final byte[] NOTHING = new byte[0];

    /** How a request ends whose client went away, or did not take the whole answer; nginx's code for that. */
    private static final int CLIENT_GONE = 499;

    /** How a request ends that we cut off at the end of a drain. */
    private static final int CUT_OFF = 503;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final List<String> HOP_HEADERS =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final ListenerState state;
    private final Connection connection;
    private final HttpServerRequest source;
    private final HttpServerResponse target;
    private final Request request;
    private final Response response;
    private final long number;
    private final long startedAt;

    private Handler handler = Exchange::unanswered;
    private @Nullable Route route;
    private List<String> pathValues = List.of();
    private Body body = Body.empty();
    private @Nullable BodyIntake intake;
    private long maxBody;
    private long timeout;
    private boolean nonBlocking;
    private boolean dispatched;
    private boolean ended;
    private boolean unreadable;
    private int status;
    private long answerSize;
    private volatile long begunAt;
    private volatile long answeredAt;
    private volatile boolean cancelled;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Outflow outflow;
    private @Nullable ResponseStream stream;
    private boolean claimed;
    private volatile boolean complete;

    JsonCodec json() {
        return state.json();
    }

    Exchange(ListenerState state, Connection connection, HttpServerRequest source) {
        this.state = state;
        this.connection = connection;
        this.source = source;
        this.target = source.response();
        this.request = new Request(this, source, source.method().name());
        this.response = new Response(this);
        this.number = state.nextNumber();
        this.startedAt = state.now();
    }

    // On the event loop: from the head to the handler.

    /** The head is read. */
    void start() {
        state.inFlight().begin();
        connection.started(this);
        target.closeHandler(_ -> closed());
        try {
            if (BodyIntake.isAnnounced(source)) {
                intake = new BodyIntake(this, state, connection, source, startedAt);
                body = intake.body();
            }
            requireHead();
            resolve();
            if (state.inFlight().current() > state.config().maxInFlight()) {
                throw new HttpException(503, "too many requests at a time", Map.of("Retry-After", "1"));
            }
            if (intake == null) {
                dispatch();
            } else {
                intake.receive(maxBody);
            }
        } catch (HttpException e) {
            state.rejected(Rejection.of(e));
            refuse(e);
        }
    }

    /** The head could not be read. */
    void startMalformed(HttpException problem) {
        state.inFlight().begin();
        connection.started(this);
        target.closeHandler(_ -> closed());
        connection.closeAfterAnswer();
        unreadable = true;
        state.rejected(Rejection.of(problem));
        refuse(problem);
    }

    private void requireHead() {
        if (source.headers().contains("")) {
            throw new HttpException(400, "header: a name is missing");
        }
        if (source.version() == HttpVersion.HTTP_1_1
                && source.headers().getAll("host").size() != 1) {
            throw new HttpException(400, "header Host: exactly one is required");
        }
    }

    private void resolve() {
        maxBody = state.config().maxBodySize().bytes();
        timeout = state.requestTimeout();
        RouteTable.Match match =
                OwnAnswers.isToServer(source) ? null : state.routes().find(Path.of(request.path()));
        Route found = match == null ? null : match.route(request.method());
        if (match != null && found != null) {
            route = found;
            pathValues = match.values();
            handler = found.handler();
            nonBlocking = found.options().isNonBlocking();
            maxBody = found.options().maxBodySize().map(size -> size.bytes()).orElse(maxBody);
            timeout = found.options().timeout().map(ListenerState::nanos).orElse(timeout);
        } else {
            handler = state.routes().unanswered(OwnAnswers.to(source, match));
            nonBlocking = !state.routes().interceptsUnanswered();
        }
    }

    /** Has the handler run, once. */
    void dispatch() {
        if (dispatched || cancelled) {
            return;
        }
        dispatched = true;
        if (nonBlocking) {
            handle();
        } else {
            connection.handOff(this);
        }
    }

    // On the handler's thread.

    @Override
    public void run() {
        thread = Thread.currentThread();
        if (!cancelled) {
            handle();
        }
        thread = null;
    }

    private void handle() {
        try {
            handler.handle(request, response);
            ResponseStream open = stream;
            if (open != null) {
                open.close();
            } else if (!response.isSent() && !cancelled) {
                if (!response.isStatusSet()) {
                    throw new IllegalStateException("handler: it returned without an answer");
                }
                response.finish(NOTHING, "");
            }
        } catch (HttpException e) {
            failed(e, e.status() >= 500 ? e : null);
        } catch (ClientGoneException e) {
            abort(CLIENT_GONE);
        } catch (OutOfMemoryError | InternalError e) {
            throw e;
        } catch (Throwable e) {
            if (!cancelled) {
                failed(Problem.of(e), e);
            }
        }
    }

    private void failed(HttpException problem, @Nullable Throwable logged) {
        Outflow flow = outflow;
        if (flow != null && flow.isBroken()) {
            abort(CLIENT_GONE);
            return;
        }
        Throwable cause = problem.getCause();
        if (cause != null && Problem.unwrapped(cause) instanceof RateLimitExceededException refusal) {
            state.recorder().rateLimited(refusal.name());
        }
        if (logged != null && !cancelled) {
            state.failures().report(route, request.method(), id(), logged);
        }
        if (logged != null && !cancelled && FailureReporter.isUnexpected(logged)) {
            LOG.atLevel(logged instanceof HttpException ? Level.WARN : Level.ERROR)
                    .addKeyValue("request_id", id())
                    .addKeyValue("method", request.method())
                    .addKeyValue(
                            "route",
                            route == null ? request.path() : route.template().text())
                    .setCause(logged)
                    .log("Request failed");
        }
        if (isClaimed()) {
            if (!complete) {
                abort(500);
            }
            return;
        }
        sendProblem(new Response(this), problem);
    }

    private static void unanswered(Request request, Response response) {
        throw new HttpException(404, "nothing is here");
    }

    // Writing, on whichever thread has claimed the answer.

    void sendProblem(Response answer, HttpException problem) {
        answer.status(problem.status()).type(Problem.TYPE);
        problem.headers().forEach(answer::header);
        answer.header("X-Request-Id", id());
        answer.finish(Problem.json(problem, id()), Problem.TYPE);
    }

    /** Sends the whole answer. */
    void send(Response answer, byte[] bytes) {
        if (!claim()) {
            return;
        }
        boolean pieces = bytes.length > Outflow.PIECE
                && !nonBlocking
                && Thread.currentThread().equals(thread)
                && !isHead();
        head(answer, bytes.length, pieces);
        if (!pieces) {
            answerSize = isHead() ? 0 : bytes.length;
            complete = true;
            answeredAt = state.now();
            boolean bodiless = bytes.length == 0 || isHead();
            (bodiless ? target.end() : target.end(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))))
                    .onComplete(this::flushed);
            return;
        }
        Outflow flow = new Outflow();
        outflow = flow;
        begunAt = state.now();
        try {
            for (int at = 0; at < bytes.length; at += Outflow.PIECE) {
                write(flow, bytes, at, Math.min(Outflow.PIECE, bytes.length - at));
            }
            end();
        } catch (IOException e) {
            abort(CLIENT_GONE);
        }
    }

    void streaming(ResponseStream stream) {
        this.stream = stream;
    }

    /** Sends the head; pieces follow. */
    void begin(Response answer) throws IOException {
        if (!claim()) {
            throw new IOException("client gone: nobody waits for the answer");
        }
        outflow = new Outflow();
        begunAt = state.now();
        head(answer, -1, true);
    }

    void write(byte[] piece) throws IOException {
        Outflow flow = outflow;
        if (flow == null) {
            throw new IOException("client gone: nobody waits for the answer");
        }
        if (!isHead()) {
            write(flow, piece, 0, piece.length);
        }
    }

    private void write(Outflow flow, byte[] bytes, int at, int length) throws IOException {
        flow.reserve(length, state.now());
        target.write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes, at, length)))
                .onComplete(written -> {
                    if (written.succeeded()) {
                        flow.written(length, state.now());
                    } else {
                        flow.breakOff();
                    }
                });
    }

    void end() {
        Outflow flow = outflow;
        if (flow != null && flow.isBroken()) {
            return;
        }
        complete = true;
        answeredAt = state.now();
        target.end().onComplete(this::flushed);
    }

    private void head(Response answer, int length, boolean bodyFollows) {
        status = answer.status();
        target.setStatusCode(status);
        List<String> headers = answer.headers();
        boolean isHttp2 = source.version() == HttpVersion.HTTP_2;
        boolean sized = false;
        boolean closes = false;
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            boolean isLength = name.equalsIgnoreCase("content-length");
            if (HOP_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                closes |= name.equalsIgnoreCase("connection")
                        && headers.get(i + 1).equalsIgnoreCase("close");
                continue;
            }
            if (isLength && length >= 0) {
                continue;
            }
            sized |= isLength;
            target.headers().add(name, headers.get(i + 1));
        }
        target.putHeader("date", state.date());
        if (length >= 0 && (bodyFollows || isHead())) {
            target.putHeader("content-length", Integer.toString(length));
        } else if (length < 0 && !sized && !isHttp2) {
            if (source.version() == HttpVersion.HTTP_1_0) {
                connection.closeAfterAnswer();
            } else {
                target.setChunked(true);
            }
        }
        if (closes && !isHttp2) {
            connection.closeAfterAnswer();
        }
        if (!isHttp2 && connection.closesAfter(this)) {
            target.putHeader("connection", "close");
        }
    }

    private boolean isHead() {
        return source.method().equals(HttpMethod.HEAD);
    }

    private synchronized boolean claim() {
        if (claimed) {
            return false;
        }
        claimed = true;
        return true;
    }

    private synchronized boolean isClaimed() {
        return claimed;
    }

    /** An answer that has begun cannot be completed: the client must see that. */
    private void abort(int outcome) {
        connection.execute(() -> {
            if (!ended) {
                cancel();
                finish(complete ? status : outcome);
                connection.cut(target);
            }
        });
    }

    // On the event loop: how it ends.

    /** Answers on the event loop, in place of the handler. */
    void refuse(HttpException problem) {
        dispatched = true;
        sendProblem(new Response(this), problem);
    }

    private void flushed(AsyncResult<Void> written) {
        if (written.succeeded()) {
            if (source.version() == HttpVersion.HTTP_2 && !body.isEnded()) {
                // RFC 9113, 8.1: the rest of the body is of no interest.
                target.reset(0);
            }
            finish(status);
        } else {
            gone();
        }
    }

    private void closed() {
        if (complete) {
            finish(status);
        } else {
            gone();
        }
    }

    private void gone() {
        if (!ended) {
            state.counts().abandoned.increment();
            boolean isUnreadable = connection.isMalformed() && !body.isEnded();
            if (isUnreadable) {
                state.rejected(Rejection.MALFORMED);
            }
            cancel();
            finish(isUnreadable ? 400 : CLIENT_GONE);
        }
    }

    /** We end it, answer or not, and count it as failed. */
    void cutOff() {
        if (!ended) {
            state.inFlight().recordFailure();
            cancel();
            finish(CUT_OFF);
        }
    }

    private void finish(int outcome) {
        if (!ended) {
            ended = true;
            record(outcome);
            state.inFlight().end();
            connection.finished(this);
        }
    }

    private void record(int outcome) {
        long now = state.now();
        long begun = begunAt != 0 ? begunAt : answeredAt;
        Outflow flow = outflow;
        BodyIntake incoming = intake;
        RequestRecorder recorder = state.recorder();
        recorder.ended(
                route,
                unreadable ? "" : request.method(),
                outcome,
                (begun != 0 ? begun : now) - startedAt,
                now - startedAt,
                incoming == null ? 0 : incoming.size(),
                flow == null ? answerSize : flow.sent(),
                recorder.wantsTraces() && !unreadable
                        ? TraceParent.of(source.headers().getAll(TraceParent.HEADER))
                        : null);
    }

    void rejected(Rejection reason) {
        state.rejected(reason);
    }

    private void cancel() {
        cancelled = true;
        claim();
        body.fail(new ClientGoneException());
        Outflow flow = outflow;
        if (flow != null) {
            flow.breakOff();
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Looks after the time limits. */
    void check(long now) {
        long stall = state.stallTimeout();
        Outflow flow = outflow;
        long answered = answeredAt;
        BodyIntake incoming = intake;
        if ((answered != 0 && now - answered > stall) || (flow != null && flow.isStalled(now, stall))) {
            state.timedOut(TimeLimit.ANSWER);
            cancel();
            finish(CLIENT_GONE);
            connection.cut(target);
        } else if (incoming != null && needsBody() && incoming.isStalled(now, stall)) {
            tooSlow();
        } else if (timeout > 0 && now - startedAt > timeout && !isClaimed()) {
            if (needsBody()) {
                tooSlow();
            } else {
                state.timedOut(TimeLimit.REQUEST);
                sendProblem(
                        new Response(this),
                        new HttpException(503, "the request took too long", Map.of("Retry-After", "1")));
                cancel();
            }
        }
    }

    /** Whether the handler cannot begin, or go on, without more of the body. */
    private boolean needsBody() {
        return (!dispatched || body.isAwaited()) && !body.isEnded();
    }

    private void tooSlow() {
        if (!isClaimed()) {
            state.timedOut(TimeLimit.BODY);
            dispatched = true;
            sendProblem(new Response(this), new HttpException(408, "the body came too slowly"));
            cancel();
        }
    }

    // What the body's intake asks, on the event loop.

    boolean isDispatched() {
        return dispatched;
    }

    boolean isNonBlocking() {
        return nonBlocking;
    }

    /** Whether nobody has begun to answer, and the client is there. */
    boolean isUnanswered() {
        return !ended && !isClaimed();
    }

    // What requests ask.

    @Nullable
    Route route() {
        return route;
    }

    List<String> pathValues() {
        return pathValues;
    }

    Body body() {
        return body;
    }

    boolean isBodyComplete() {
        return body.isEnded();
    }

    boolean isCancelled() {
        return cancelled;
    }

    void requireBlocking(String what) {
        if (nonBlocking) {
            throw new IllegalStateException(what + ": not on the event loop; make the route a blocking one");
        }
    }

    String protocol() {
        return switch (source.version()) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
        };
    }

    String id() {
        String given = source.getHeader("x-request-id");
        return given != null && HeaderText.isRequestId(given) ? given : state.requestId(number);
    }

    @Override
    public String toString() {
        return request.method() + " " + request.path();
    }
}
