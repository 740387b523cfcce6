package io.lynx.http.engine;

import io.lynx.context.RequestScope;
import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.HttpException;
import io.lynx.json.JsonCodec;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import org.jspecify.annotations.Nullable;

/**
 * Moves one request from its head to its end, on the event loop: it finds the route, starts the reading of the body and the
 * handler, and enforces the time limits. {@link HandlerRun} runs the handler; {@link AnswerWriter} decides which of the two writes
 * the answer, the handler or the event loop. A request that is cancelled stays in flight until its handler returns.
 */
final class Exchange implements StreamListener, Runnable {
    static final byte[] NOTHING = new byte[0];

    private final ServerContext server;
    private final Stream stream;
    private final ServerRequest request;
    private final RequestScope context;
    private final ServerResponse response;
    private final AnswerWriter answer;
    private final ExchangeRecord record;
    private final HandlerRun run;

    private RouteTarget target = RouteTarget.NONE;
    private @Nullable BodyReader reader;
    private boolean dispatched;
    private boolean hasEnded;
    private boolean isNamed;

    Exchange(ServerContext server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.request = new ServerRequest(this, server, stream);
        this.context = RequestScope.of(request);
        this.response = new ServerResponse(this);
        this.answer = new AnswerWriter(server, stream);
        this.record = new ExchangeRecord(server, stream, answer);
        this.run = new HandlerRun(this, server, request, response);
    }

    // From the head to the handler.

    /** The head has been read. */
    void start() {
        stream.listen(this);
        Head head = stream.head();
        try {
            BuiltInResponses.require(head);
            target = server.target(head);
            record.limit(target, stream);
            record.trace(target, stream, context);
            target = target.onThread(request);
            if (stream.hasBody()) {
                reader = new BodyReader(this, server, stream, record.startedAt());
            }
            if (target.chain().limitsInFlight() && server.isOverLimit()) {
                throw server.tooManyRequests();
            }
            BodyReader incoming = reader;
            if (incoming == null || !incoming.begin(target)) {
                dispatch();
            }
        } catch (HttpException e) {
            if (target.equals(RouteTarget.NONE)) {
                target = RouteTarget.unresolved(server.serverChain(), head.defect() == null);
                record.limit(target, stream);
            }
            server.rejected(Rejection.of(e));
            refuse(e);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            broken(failure);
        }
    }

    /** A fault of the server itself, such as a class that cannot be loaded: the client must not wait for an answer in vain. */
    private void broken(Throwable failure) {
        server.failures().unusable(target.route(), request, context, failure, server.repeats());
        abort(500);
        withoutHandler();
    }

    /** Runs the handler, once. */
    void dispatch() {
        if (dispatched || run.isCancelled()) {
            return;
        }
        HttpException refusal = target.isRefused() ? new PluginAbsentException() : record.refusal(target.route());
        if (refusal == null) {
            begin();
        } else {
            refuse(refusal);
        }
    }

    private void begin() {
        dispatched = true;
        if (target.isNonBlocking()) {
            run.runOnEventLoop();
        } else {
            stream.dispatch(this);
        }
    }

    /** Runs the handler on a virtual thread. */
    @Override
    public void run() {
        run.runOnOwnThread();
    }

    /** Refuses the request inside its interceptors if its handler has not begun, and otherwise in place of the handler. */
    void refuse(HttpException problem) {
        if (!dispatched) {
            record.refused();
        }
        if (dispatched || !target.chain().surroundsRefusals() || server.isFlooded()) {
            Problem.send(this, response.inItsPlace(), problem);
            server.countRefusals(problem);
            withoutHandler();
            return;
        }
        BodyReader incoming = reader;
        if (incoming != null) {
            incoming.body().fail(problem);
        }
        target = target.refusing(problem);
        begin();
    }

    /** No handler runs, and none will. */
    private void withoutHandler() {
        if (!dispatched) {
            dispatched = true;
            workDone();
        }
    }

    // How it ends.

    @Override
    public void ended(StreamEnd end) {
        hasEnded = true;
        if (end != StreamEnd.ANSWERED) {
            cancel();
        }
        record.ended(end, target, stream, reader, context, request);
        withoutHandler();
    }

    @Override
    public void peerFinished() {
        run.clientFinished(target);
    }

    private void cancel() {
        run.markCancelled();
        context.cancel();
        answer.fail();
        BodyReader incoming = reader;
        if (incoming != null) {
            incoming.body().fail(new ClientGoneException());
        }
        run.cancel(target);
    }

    @Override
    public void interrupt() {
        run.interrupt();
    }

    /** Nothing runs for the request any more. Called once, on any thread. */
    void workDone() {
        AcceptedRequests accepted = target.accepted();
        if (accepted != null) {
            accepted.end();
        }
        answer.release();
        context.end();
        stream.workDone();
    }

    @Override
    public void check(long now) {
        if (hasEnded) {
            checkHandler(now);
            return;
        }
        boolean hadBegun = dispatched;
        RequestTimeLimit exceeded = record.exceeded(now, reader, dispatched);
        if (exceeded != null) {
            record.timedOut(exceeded, now, target.route());
            if (exceeded == RequestTimeLimit.ANSWER) {
                abort(ExchangeRecord.CLIENT_GONE);
            } else {
                refuse(exceeded.refusal());
                if (hadBegun && exceeded == RequestTimeLimit.REQUEST) {
                    isNamed = true;
                    server.failures().overdue(target.route(), request, context, run.stack(), server.repeats());
                }
            }
        } else if (!answer.isClaimed() && target.isRefused()) {
            refuse(new PluginAbsentException());
        } else {
            checkUnlimited(now);
            return;
        }
        if (hadBegun) {
            cancel();
        }
    }

    /** Nothing ends a request that has no time limit; a handler that does not answer it is named all the same. */
    private void checkUnlimited(long now) {
        if (dispatched && !isNamed && !answer.isClaimed() && target.isLate(now - record.startedAt(), server)) {
            isNamed = true;
            server.failures().unanswered(target.route(), request, context, run.stack(), server.repeats());
        }
    }

    /** What runs after the answer may hang as well: the rest of the handler, an interceptor, the classification of its failure. */
    private void checkHandler(long now) {
        if (record.isLate(now, target) && !isNamed) {
            isNamed = true;
            server.failures().unfinished(target.route(), request, context, run.stack(), server.repeats());
        }
    }

    @Override
    public @Nullable String routePattern() {
        Route route = target.route();
        return route == null ? null : route.method() + " " + route.template();
    }

    /** An answer that has begun cannot be completed. Any thread. */
    void abort(int status) {
        record.abort(stream, status);
    }

    /** An answer could not be written and was replaced by a 500. */
    void unusable(Throwable reason) {
        server.failures().unusable(target.route(), request, context, reason, server.repeats());
    }

    /** The time of its drain callback is over, and the callback has not returned. */
    void callbackHangs(StackTraceElement[] stack) {
        server.failures().callbackHangs(target.route(), request, context, stack, server.repeats());
    }

    // The parts of the exchange. They are fixed once the handler runs.

    Stream stream() {
        return stream;
    }

    RouteTarget target() {
        return target;
    }

    AnswerWriter answer() {
        return answer;
    }

    HandlerRun handlerRun() {
        return run;
    }

    ExchangeRecord record() {
        return record;
    }

    @Nullable
    BodyReader reader() {
        return reader;
    }

    boolean isDispatched() {
        return dispatched;
    }

    JsonCodec json() {
        return server.json();
    }

    /** The context of the request; it is bound while the handler runs. */
    RequestScope context() {
        return context;
    }

    String id() {
        return context.requestId();
    }

    @Override
    public String toString() {
        Head head = stream.head();
        return head.method() + " " + Target.path(head.target());
    }
}
