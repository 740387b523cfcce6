package io.lynx.http.engine.answer;

import io.lynx.extension.UserCode;
import io.lynx.http.DrainCallback;
import io.lynx.http.HttpException;
import io.lynx.http.HttpServer;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.time.Deadline;
import io.lynx.transport.DrainListener;
import io.lynx.transport.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a long-lived answer through the drain: its callback is notified when the drain begins, and what was not closed by the
 * end of its time is completed and its handler interrupted. An answer that cannot be completed, since a write is waiting for the
 * client, is cut off by the transport.
 */
public final class LongLivedAnswer implements DrainListener {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final AnsweredExchange exchange;
    private final Stream stream;
    private final LongLivedBody body;
    private final DrainCallback callback;
    private volatile @Nullable Thread inCallback;

    private LongLivedAnswer(AnsweredExchange exchange, LongLivedBody body, DrainCallback callback) {
        this.exchange = exchange;
        this.stream = exchange.stream();
        this.body = body;
        this.callback = callback;
    }

    /**
     * Makes an answer a long-lived one.
     *
     * @throws HttpException (503) if there is no place for it
     */
    public static LongLivedStream begin(AnsweredExchange exchange, AnswerHeaders response, DrainCallback callback) {
        LongLivedStream body = new LongLivedStream(new ResponseStream(exchange.answer(), response));
        begin(exchange, body, callback);
        return body;
    }

    /**
     * Makes the answer with that body a long-lived one.
     *
     * @throws HttpException (503) if there is no place for it
     */
    public static void begin(AnsweredExchange exchange, LongLivedBody body, DrainCallback callback) {
        LongLivedAnswer answer = new LongLivedAnswer(exchange, body, callback);
        if (!exchange.stream().longLived(answer)) {
            throw Refusal.unavailable("too many long-lived answers at a time");
        }
        exchange.answer().longLived();
        // Its time limit was for the beginning of the answer; what the handler does later has none.
        exchange.context().end();
        exchange.streaming(body);
    }

    @Override
    public void draining(Deadline deadline) {
        stream.dispatch(() -> exchange.context().run(() -> {
            inCallback = Thread.currentThread();
            boolean _ = UserCode.run(() -> callback.draining(deadline.remaining()), this::failed);
            inCallback = null;
        }));
    }

    private void failed(Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("request_id", exchange.context().requestId())
                .setCause(UserCode.loggable(thrown))
                .log("Drain callback of a long-lived answer failed; the answer is ended in its time");
    }

    @Override
    public void goodbye() {
        Thread hanging = inCallback;
        if (hanging != null) {
            exchange.callbackHangs(hanging.getStackTrace());
        }
        if (body.tryComplete()) {
            exchange.endHandler();
        }
    }
}
