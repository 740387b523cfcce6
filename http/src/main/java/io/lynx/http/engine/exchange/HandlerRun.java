package io.lynx.http.engine.exchange;

import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.HttpException;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.interceptor.TypedErrorHook;
import io.lynx.http.engine.problem.ErrorMapping;
import io.lynx.http.engine.problem.PluginAbsentException;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.http.engine.telemetry.EndStatus;
import io.lynx.http.engine.telemetry.RequestTrace;
import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handler of an exchange, inside its interceptors, and answers what it throws; cancels it when its answer is of no use
 * any more. It runs once: on a virtual thread, or on the event loop. The cancellation is for any thread.
 */
final class HandlerRun implements Runnable {
    private static final StackTraceElement[] NO_STACK = {};
    private static final int TIMED_OUT = 504;

    private final ExchangeParts exchange;
    private final ServerContext server;
    private final ServerRequest request;
    private final ServerResponse response;
    private volatile @Nullable Thread thread;
    private volatile boolean cancelled;
    private volatile boolean clientFinished;
    private @Nullable Closeable open;

    HandlerRun(ExchangeParts exchange, ServerContext server, ServerRequest request, ServerResponse response) {
        this.exchange = exchange;
        this.server = server;
        this.request = request;
        this.response = response;
    }

    void runOnOwnThread() {
        thread = Thread.currentThread();
        try {
            if (!cancelled) {
                runInContext();
            }
        } finally {
            thread = null;
            request.release();
            exchange.workDone();
        }
    }

    void runOnEventLoop() {
        try {
            runInContext();
        } finally {
            request.release();
            exchange.workDone();
        }
    }

    private void runInContext() {
        if (exchange.target().chain().bindsContext()) {
            exchange.context().run(this);
        } else {
            run();
        }
    }

    /** Runs the handler on the calling thread. */
    @Override
    public void run() {
        try {
            exchange.target().handler().handle(request, response);
            Closeable begun = open;
            if (begun != null) {
                begun.close();
            } else if (!response.isAnswered() && isUnwanted()) {
                abandon();
            } else if (!response.isAnswered()) {
                throw new IllegalStateException("handler: it returned without an answer");
            } else if (!response.isSent() && !cancelled) {
                response.finish(AnswerWriter.NOTHING, "");
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            failed(failure);
        }
    }

    /** The caller gets its answer first; then the failure is recorded and logged. */
    private void failed(Throwable failure) {
        AnswerWriter answer = exchange.answer();
        if (failure instanceof ClientGoneException && answer.isComplete()) {
            return;
        }
        if ((answer.isBroken() && !answer.isComplete()) || failure instanceof ClientGoneException) {
            exchange.abort(EndStatus.CLIENT_GONE);
            return;
        }
        RouteTarget target = exchange.target();
        boolean hasBegun = answer.isClaimed();
        HttpException problem = answerTo(failure, target, hasBegun);
        ErrorAnswer own = hasBegun ? null : ownAnswer(failure, target);
        int status = own == null ? problem.status() : own.leadsTo();
        boolean isFailed = status >= RequestTrace.FAILED;
        if (isFailed && !target.isRefused()) {
            // Before the answer, with whose end the span ends.
            Tracing.failed(exchange.context(), failure);
        }
        if (own != null) {
            own.sendIn(response.inItsPlace());
        } else if (!hasBegun) {
            ProblemAnswer.send(exchange, response.inItsPlace(), problem);
        } else if (!answer.isComplete() && !cancelled) {
            exchange.abort(500);
        }
        server.countRefusals(problem);
        if ((own == null || isFailed) && !isUnwanted() && !target.isRefused()) {
            server.failures().failed(target.route(), request, exchange.context(), failure, status, server.repeats());
        }
    }

    /** Returns the answer of an error hook; null if none answers. */
    private @Nullable ErrorAnswer ownAnswer(Throwable failure, RouteTarget target) {
        List<TypedErrorHook<?>> hooks = target.chain().hooks();
        if (hooks.isEmpty() || cancelled || target.isRefused()) {
            return null;
        }
        ErrorAnswer own = response.errorAnswer(request, failure, hooks);
        return own.isAnswered() ? own : null;
    }

    private HttpException answerTo(Throwable failure, RouteTarget target, boolean hasBegun) {
        if (target.isRefused()) {
            return new PluginAbsentException();
        }
        HttpException problem = ErrorMapping.answerTo(failure);
        if (problem.status() == TIMED_OUT && !hasBegun && exchange.record().isOver(server.now())) {
            // What the handler called ended at the deadline of the request, before the event loop noticed that.
            exchange.record().deadlineExceeded(target.route());
            return RequestTimeLimit.REQUEST.refusal();
        }
        return problem;
    }

    /** The handler gave up because the client has probably gone. Has no effect on a request that is answered. */
    private void abandon() {
        if (!cancelled) {
            server.counts().abandoned.increment();
            exchange.abort(EndStatus.CLIENT_GONE);
        }
    }

    /** Cancels the request. The handler can see it, and runs on unless the route asks for its interruption. */
    void cancel(RouteTarget target) {
        markCancelled();
        if (target.isInterruptible()) {
            interrupt();
        }
    }

    /** The answer was completed by the shutdown: the handler is to return. */
    void end(RouteTarget target) {
        cancel(target);
        interrupt();
    }

    /** Cancels the request for those that ask, before what the handler waits for fails. */
    void markCancelled() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The client has finished sending. */
    void clientFinished(RouteTarget target) {
        clientFinished = true;
        if (target.isInterruptible()) {
            interrupt();
        }
    }

    /**
     * Returns whether the answer is probably of no use: the client has finished sending, which most do as they go. It gets the
     * answer all the same if it is still there.
     */
    boolean isUnwanted() {
        return cancelled || clientFinished;
    }

    /** Returns whether the answer has not begun and the client is there. */
    boolean isUnanswered() {
        return !cancelled && !exchange.answer().isClaimed();
    }

    /** The answer is written as a stream, which ends with the handler at the latest. */
    void streaming(Closeable stream) {
        open = stream;
    }

    /** Whether the caller is the handler's virtual thread, which may wait for a slow client. */
    boolean isOnOwnThread() {
        return Thread.currentThread().equals(thread);
    }

    /** Returns what the handler's own thread is doing; empty if it has none. */
    StackTraceElement[] stack() {
        Thread running = thread;
        return running == null ? NO_STACK : running.getStackTrace();
    }

    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
