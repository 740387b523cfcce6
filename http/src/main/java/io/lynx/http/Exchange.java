package io.lynx.http;

import io.lynx.json.JsonCodec;
import io.lynx.resilience.RateLimitExceededException;
import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
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
final class Exchange implements Runnable, StreamListener {
    static final byte[] NOTHING = new byte[0];

    /** How a request ends whose client went away, or did not take the whole answer; nginx's code for that. */
    private static final int CLIENT_GONE = 499;

    /** How a request ends that we cut off at the end of a drain. */
    private static final int CUT_OFF = 503;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final List<String> HOP_HEADERS =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final ServerContext state;
    private final Stream stream;
    private final Head head;
    private final Request request;
    private final Response response;
    private final long number;
    private final long startedAt;

    private Handler handler = Exchange::unanswered;
    private @Nullable Route route;
    private List<String> pathValues = List.of();
    private Body body = Body.empty();
    private @Nullable BodyReader intake;
    private long maxBody;
    private long timeout;
    private boolean nonBlocking;
    private boolean dispatched;
    private int abortOutcome = CLIENT_GONE;
    private int status;
    private long answerSize;
    private volatile long begunAt;
    private volatile long answeredAt;
    private volatile boolean cancelled;
    private volatile @Nullable Thread thread;
    private volatile @Nullable WriteBuffer outflow;
    private @Nullable ResponseStream writing;
    private boolean claimed;
    private volatile boolean ended;
    private volatile boolean complete;

    JsonCodec json() {
        return state.json();
    }

    Exchange(ServerContext state, Stream stream) {
        this.state = state;
        this.stream = stream;
        this.head = stream.head();
        this.request = new Request(this, head);
        this.response = new Response(this);
        this.number = state.nextNumber();
        this.startedAt = state.now();
    }

    // On the event loop: from the head to the handler.

    /** The head is read. */
    void start() {
        stream.listen(this);
        HeadDefect defect = head.defect();
        if (defect != null) {
            startMalformed(problem(defect));
            return;
        }
        try {
            if (stream.hasBody()) {
                intake = new BodyReader(this, state, stream, startedAt);
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

    private static HttpException problem(HeadDefect defect) {
        return switch (defect) {
            case LINE_TOO_LONG -> new HttpException(414, "the request line is too long");
            case HEADERS_TOO_LARGE -> new HttpException(431, "the headers are too large");
            case UNSUPPORTED_VERSION -> new HttpException(505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
            case MALFORMED -> new HttpException(400, "malformed request");
        };
    }

    /** The head could not be read. */
    private void startMalformed(HttpException problem) {
        state.rejected(Rejection.of(problem));
        refuse(problem);
    }

    private void requireHead() {
        if (head.hasHeader("")) {
            throw new HttpException(400, "header: a name is missing");
        }
        if (head.protocol() == Protocol.HTTP_1_1 && head.headers("host").size() != 1) {
            throw new HttpException(400, "header Host: exactly one is required");
        }
    }

    private void resolve() {
        maxBody = state.config().maxBodySize().bytes();
        timeout = state.requestTimeout();
        RouteTable.Match match =
                BuiltInResponses.isToServer(head) ? null : state.routes().find(Path.of(request.path()));
        Route found = match == null ? null : match.route(request.method());
        if (match != null && found != null) {
            route = found;
            pathValues = match.values();
            handler = found.handler();
            nonBlocking = found.options().isNonBlocking(request);
            maxBody = found.options().maxBodySize().map(size -> size.bytes()).orElse(maxBody);
            timeout = found.options().timeout().map(ServerContext::nanos).orElse(timeout);
        } else {
            handler = state.routes().unanswered(BuiltInResponses.to(head, match));
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
            stream.workDone();
        } else {
            stream.dispatch(this);
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
            stream.workDone();
        }
    }

    private void handle() {
        try {
            handler.handle(request, response);
            ResponseStream open = writing;
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
        WriteBuffer flow = outflow;
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
        throw HttpException.notFound();
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
        boolean pieces = bytes.length > WriteBuffer.PIECE
                && !nonBlocking
                && Thread.currentThread().equals(thread)
                && !isHead();
        head(answer, bytes.length, pieces);
        if (!pieces) {
            answerSize = isHead() ? 0 : bytes.length;
            complete = true;
            answeredAt = state.now();
            if (bytes.length == 0 || isHead()) {
                stream.end();
            } else {
                stream.end(bytes);
            }
            return;
        }
        WriteBuffer flow = new WriteBuffer();
        outflow = flow;
        begunAt = state.now();
        try {
            for (int at = 0; at < bytes.length; at += WriteBuffer.PIECE) {
                write(flow, bytes, at, Math.min(WriteBuffer.PIECE, bytes.length - at));
            }
            end();
        } catch (IOException e) {
            abort(CLIENT_GONE);
        }
    }

    void streaming(ResponseStream stream) {
        this.writing = stream;
    }

    /** Sends the head; pieces follow. */
    void begin(Response answer) throws IOException {
        if (!claim()) {
            throw new IOException("client gone: nobody waits for the answer");
        }
        outflow = new WriteBuffer();
        begunAt = state.now();
        head(answer, -1, true);
    }

    void write(byte[] piece) throws IOException {
        WriteBuffer flow = outflow;
        if (flow == null) {
            throw new IOException("client gone: nobody waits for the answer");
        }
        if (!isHead()) {
            write(flow, piece, 0, piece.length);
        }
    }

    private void write(WriteBuffer flow, byte[] bytes, int at, int length) throws IOException {
        flow.reserve(length, state.now());
        stream.write(bytes, at, length, succeeded -> {
            if (succeeded) {
                flow.written(length, state.now());
            } else {
                flow.fail();
            }
        });
    }

    void end() {
        WriteBuffer flow = outflow;
        if (flow != null && flow.isBroken()) {
            return;
        }
        complete = true;
        answeredAt = state.now();
        stream.end();
    }

    private void head(Response answer, int length, boolean bodyFollows) {
        status = answer.status();
        List<String> headers = answer.headers();
        List<String> sent = new ArrayList<>(headers.size());
        boolean sized = false;
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            boolean isLength = name.equalsIgnoreCase("content-length");
            if (HOP_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                if (name.equalsIgnoreCase("connection") && headers.get(i + 1).equalsIgnoreCase("close")) {
                    stream.closeAfterAnswer();
                }
                continue;
            }
            if (isLength && length >= 0) {
                continue;
            }
            sized |= isLength;
            sent.add(name);
            sent.add(headers.get(i + 1));
        }
        stream.answer(status, sent, length >= 0 && (bodyFollows || isHead()) ? length : -1, length < 0 && !sized);
    }

    private boolean isHead() {
        return head.method().equals("HEAD");
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
        stream.onEventLoop(() -> {
            abortOutcome = outcome;
            stream.abort();
        });
    }

    // On the event loop: how it ends.

    /** Answers on the event loop, in place of the handler. */
    void refuse(HttpException problem) {
        sendProblem(new Response(this), problem);
        undispatched();
    }

    /** Nothing runs for it, and nothing will. */
    private void undispatched() {
        if (!dispatched) {
            dispatched = true;
            stream.workDone();
        }
    }

    @Override
    public void ended(StreamEnd end) {
        ended = true;
        if (end != StreamEnd.ANSWERED) {
            cancel();
        }
        record(outcome(end));
        undispatched();
    }

    private int outcome(StreamEnd end) {
        return switch (end) {
            case ANSWERED -> status;
            case CLIENT_GONE -> {
                state.counts().abandoned.increment();
                yield CLIENT_GONE;
            }
            case MALFORMED -> {
                state.counts().abandoned.increment();
                state.rejected(Rejection.MALFORMED);
                yield 400;
            }
            case ABORTED -> abortOutcome;
            case CUT_OFF -> CUT_OFF;
        };
    }

    @Override
    public void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void record(int outcome) {
        long now = state.now();
        long begun = begunAt != 0 ? begunAt : answeredAt;
        WriteBuffer flow = outflow;
        BodyReader incoming = intake;
        RequestRecorder recorder = state.recorder();
        recorder.ended(
                route,
                head.defect() == null ? request.method() : "",
                outcome,
                (begun != 0 ? begun : now) - startedAt,
                now - startedAt,
                incoming == null ? 0 : incoming.size(),
                flow == null ? answerSize : flow.sent(),
                recorder.wantsTraces() && head.defect() == null
                        ? TraceParent.of(head.headers(TraceParent.HEADER))
                        : null);
    }

    void rejected(Rejection reason) {
        state.rejected(reason);
    }

    private void cancel() {
        cancelled = true;
        claim();
        body.fail(new ClientGoneException());
        WriteBuffer flow = outflow;
        if (flow != null) {
            flow.fail();
        }
        interrupt();
    }

    @Override
    public void check(long now) {
        long stall = state.stallTimeout();
        WriteBuffer flow = outflow;
        long answered = answeredAt;
        BodyReader incoming = intake;
        if ((answered != 0 && now - answered > stall) || (flow != null && flow.isStalled(now, stall))) {
            state.timedOut(TimeLimit.ANSWER);
            cancel();
            abort(CLIENT_GONE);
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
            sendProblem(new Response(this), new HttpException(408, "the body came too slowly"));
            undispatched();
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

    InetSocketAddress peer() {
        return stream.peer();
    }

    InetSocketAddress local() {
        return stream.local();
    }

    Object connection() {
        return stream.connection();
    }

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
        return head.protocol().toString();
    }

    String id() {
        String given = head.header("x-request-id");
        return given != null && HeaderText.isRequestId(given) ? given : state.requestId(number);
    }

    @Override
    public String toString() {
        return request.method() + " " + request.path();
    }
}
