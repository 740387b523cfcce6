package io.lynx.http.engine.exchange;

import io.lynx.extension.UserCode;
import io.lynx.http.ClientGoneException;
import io.lynx.http.DrainCallback;
import io.lynx.http.EventStream;
import io.lynx.http.EventStreamOptions;
import io.lynx.http.Request;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.interceptor.TypedErrorHook;
import io.lynx.http.engine.problem.ErrorMapping;
import io.lynx.http.engine.problem.PluginAbsentException;
import java.io.OutputStream;
import java.util.List;

/**
 * The answer of an error hook to one failure. It is made when the failure first passes by, so that the interceptors around see its
 * status, and is sent when it has passed through them. For the handler's thread only.
 */
final class ErrorAnswer extends ServerResponse {
    private final Throwable failure;
    private byte[] body = AnswerWriter.NOTHING;

    private ErrorAnswer(ExchangeParts exchange, Throwable failure) {
        super(exchange);
        this.failure = failure;
    }

    /** Calls the hooks that accept {@code failure}, the innermost first, until one of them answers. */
    static ErrorAnswer to(ExchangeParts exchange, Request request, Throwable failure, List<TypedErrorHook<?>> hooks) {
        ErrorAnswer answer = new ErrorAnswer(exchange, failure);
        if (failure instanceof ClientGoneException || failure instanceof PluginAbsentException) {
            return answer;
        }
        Throwable unwrapped = ErrorMapping.unwrapped(failure);
        for (TypedErrorHook<?> hook : hooks) {
            if (hook.accepts(unwrapped)) {
                ErrorAnswer attempt = new ErrorAnswer(exchange, failure);
                if (UserCode.run(() -> attempt.by(hook, request, unwrapped), exchange::unusable)
                        && attempt.isAnswered()) {
                    return attempt;
                }
            }
        }
        return answer;
    }

    private void by(TypedErrorHook<?> hook, Request request, Throwable unwrapped) throws Exception {
        hook.answer(request, this, unwrapped);
        if (isAnswered() && !isSent()) {
            finish(AnswerWriter.NOTHING, "");
        }
    }

    /** Whether this is the answer to that very failure. */
    @SuppressWarnings("ReferenceEquality") // An interceptor may throw another exception that equals it.
    boolean isTo(Throwable other) {
        return failure == other;
    }

    /** The status that the failure leads to. */
    int leadsTo() {
        return isAnswered() ? ownStatus() : ErrorMapping.statusOf(failure);
    }

    /** Sends it with the headers that interceptors have set. */
    void sendIn(ServerResponse place) {
        place.sendInstead(this);
    }

    byte[] body() {
        return body;
    }

    @Override
    protected void transmit(byte[] whole) {
        body = whole;
    }

    @Override
    public OutputStream stream() {
        throw refused();
    }

    @Override
    public OutputStream longLived(DrainCallback onDrain) {
        throw refused();
    }

    @Override
    public EventStream events(EventStreamOptions options) {
        throw refused();
    }

    private static IllegalStateException refused() {
        return new IllegalStateException("error hook: it cannot stream; send a whole answer");
    }
}
