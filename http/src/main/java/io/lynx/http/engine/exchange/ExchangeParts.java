package io.lynx.http.engine.exchange;

import io.lynx.context.RequestScope;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.answer.AnsweredExchange;
import io.lynx.http.engine.body.BodyOwner;
import io.lynx.http.engine.body.BodyReader;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.json.JsonCodec;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one exchange, and what they need of each other; they do not change once the handler runs. They are fields of the
 * {@link Exchange}, not of an object of their own, to save an allocation.
 */
abstract class ExchangeParts implements AnsweredExchange, BodyOwner {
    final ServerContext server;
    final Stream stream;
    final ServerRequest request;
    final RequestScope context;
    final ServerResponse response;
    final AnswerWriter answer;
    final ExchangeRecord record;
    final HandlerRun run;

    RouteTarget target = RouteTarget.NONE;

    /** Reads the body; null if there is none. */
    @Nullable
    BodyReader reader;

    ExchangeParts(ServerContext server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.request = new ServerRequest(this, server, stream);
        this.context = RequestScope.of(request);
        this.response = new ServerResponse(this);
        this.answer = new AnswerWriter(server.answers(), stream);
        this.record = new ExchangeRecord(server, stream, answer);
        this.run = new HandlerRun(this, server, request, response);
    }

    /** Nothing runs for the request any more. Called once, on any thread. */
    abstract void workDone();

    final ServerContext server() {
        return server;
    }

    @Override
    public final Stream stream() {
        return stream;
    }

    final RouteTarget target() {
        return target;
    }

    @Override
    public final AnswerWriter answer() {
        return answer;
    }

    final HandlerRun handlerRun() {
        return run;
    }

    final ExchangeRecord record() {
        return record;
    }

    @Nullable
    final BodyReader reader() {
        return reader;
    }

    @Override
    public final JsonCodec json() {
        return server.json();
    }

    /** The context of the request; it is bound while the handler runs. */
    @Override
    public final RequestScope context() {
        return context;
    }

    final String id() {
        return context.requestId();
    }

    @Override
    public final long now() {
        return server.now();
    }

    @Override
    public final void rejected(Rejection reason) {
        server.rejected(reason);
    }

    @Override
    public final boolean isUnanswered() {
        return run.isUnanswered();
    }

    @Override
    public final void streaming(Closeable body) {
        run.streaming(body);
    }

    @Override
    public final void endHandler() {
        run.end(target);
    }

    /** An answer that has begun cannot be completed. Any thread. */
    @Override
    public final void abort(int status) {
        record.abort(stream, status);
    }

    /** An answer could not be written and was replaced by a 500. */
    final void unusable(Throwable reason) {
        server.failures().unusable(target.route(), request, context, reason, server.repeats());
    }

    @Override
    public final void callbackHangs(StackTraceElement[] stack) {
        server.failures().callbackHangs(target.route(), request, context, stack, server.repeats());
    }

    @Override
    public final String toString() {
        Head head = stream.head();
        return head.method() + " " + request.path();
    }
}
