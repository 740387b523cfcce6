package io.lynx.http.engine.exchange;

import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.HttpException;
import io.lynx.http.engine.body.BodyReader;
import io.lynx.http.engine.problem.PluginAbsentException;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.AcceptedRequests;
import io.lynx.http.engine.routing.BuiltInResponses;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.http.engine.telemetry.EndStatus;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import org.jspecify.annotations.Nullable;

/**
 * Moves one request from its head to its end, on the event loop: it finds the route, starts the reading of the body and the
 * handler, and enforces the time limits. {@link HandlerRun} runs the handler; the {@code AnswerWriter} decides which of the two writes
 * the answer, the handler or the event loop. A request that is cancelled stays in flight until its handler returns.
 */
final class Exchange extends ExchangeParts implements StreamListener, Runnable {
    private boolean dispatched;
    private boolean hasEnded;
    private boolean isNamed;

    Exchange(ServerContext server, Stream stream) {
        super(server, stream);
    }

    // From the head to the handler.

    /** The head has been read. */
    void start() {
        stream.listen(this);
        Head head = stream.head();
        try {
            BuiltInResponses.require(head);
            target = server.router().target(head);
            record.limit(target, stream);
            record.trace(target, stream, context);
            target = target.onThread(request);
            if (stream.hasBody()) {
                reader = new BodyReader(this, stream, record.startedAt());
            }
            if (target.chain().limitsInFlight() && server.isOverLimit()) {
                throw server.tooManyRequests();
            }
            BodyReader incoming = reader;
            if (incoming == null || !incoming.begin(target, server.bodies())) {
                dispatch();
            }
        } catch (HttpException e) {
            if (target.equals(RouteTarget.NONE)) {
                target = RouteTarget.unresolved(server.router().serverChain(), head.defect() == null);
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

    @Override
    public void dispatch() {
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
    @Override
    public void refuse(HttpException problem) {
        if (!dispatched) {
            record.refused();
        }
        if (dispatched || !target.chain().surroundsRefusals() || server.isFlooded()) {
            ProblemAnswer.send(this, response.inItsPlace(), problem);
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

    @Override
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
                abort(EndStatus.CLIENT_GONE);
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
        if (dispatched && !isNamed && !answer.isClaimed() && server.isLate(target, now - record.startedAt())) {
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

    @Override
    public boolean isDispatched() {
        return dispatched;
    }
}
