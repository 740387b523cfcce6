package io.lynx.http.engine.exchange;

import io.lynx.http.ClientGoneException;
import io.lynx.http.Cookie;
import io.lynx.http.DrainCallback;
import io.lynx.http.EventStream;
import io.lynx.http.EventStreamOptions;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.answer.AnswerHeaders;
import io.lynx.http.engine.answer.AnswerWriter;
import io.lynx.http.engine.answer.EventBody;
import io.lynx.http.engine.answer.LongLivedAnswer;
import io.lynx.http.engine.answer.LongLivedStream;
import io.lynx.http.engine.answer.ResponseStream;
import io.lynx.http.engine.binding.Json;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.http.engine.interceptor.InterceptedResponse;
import io.lynx.http.engine.interceptor.TypedErrorHook;
import io.lynx.http.engine.problem.ErrorMapping;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response of an exchange. Headers may be read by the event loop, which then answers in place of the handler. */
class ServerResponse extends AnswerHeaders implements InterceptedResponse {
    private final ExchangeParts exchange;

    private int status = 200;
    private boolean isStatusSet;
    private boolean isMissing;
    private boolean isSent;
    private @Nullable ErrorAnswer prepared;

    ServerResponse(ExchangeParts exchange) {
        this.exchange = exchange;
    }

    ExchangeParts exchange() {
        return exchange;
    }

    @Override
    public Response status(int status) {
        requireUnsent();
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("HTTP status: " + status + "; 200 to 599");
        }
        this.status = status;
        isStatusSet = true;
        return this;
    }

    @Override
    public int status() {
        int answered = exchange.answer().status();
        if (answered != 0) {
            return answered;
        }
        return isMissing && !isAnswered() ? 500 : status;
    }

    @Override
    protected int ownStatus() {
        return status;
    }

    @Override
    public void failing(Request request, Throwable failure, List<TypedErrorHook<?>> hooks) {
        if (!isSent) {
            status = hooks.isEmpty()
                    ? ErrorMapping.statusOf(failure)
                    : errorAnswer(request, failure, hooks).leadsTo();
        }
    }

    /** What the error hooks answer to a failure; they are called once for each. */
    ErrorAnswer errorAnswer(Request request, Throwable failure, List<TypedErrorHook<?>> hooks) {
        ErrorAnswer known = prepared;
        if (known == null || !known.isTo(failure)) {
            known = ErrorAnswer.to(exchange, request, failure, hooks);
            prepared = known;
        }
        return known;
    }

    @Override
    public void missing() {
        isMissing = true;
    }

    @Override
    public Response header(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        replace(name, value);
        return this;
    }

    @Override
    public Response addHeader(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        append(name, value);
        return this;
    }

    @Override
    public Response type(String contentType) {
        return header("content-type", contentType);
    }

    @Override
    public Response cookie(Cookie cookie) {
        requireUnsent();
        append("set-cookie", cookie.headerValue());
        return this;
    }

    @Override
    public void send(String text) {
        finish(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    @Override
    public void send(byte[] bytes) {
        finish(bytes, "application/octet-stream");
    }

    @Override
    public void json(Object value) {
        requireUnsent();
        finish(Json.write(exchange.json(), value), "application/json");
    }

    @Override
    public void problem(int status, String detail) {
        requireUnsent();
        ProblemAnswer.send(exchange, this, new HttpException(status, detail));
    }

    @Override
    public void noContent() {
        status(204);
        finish(AnswerWriter.NOTHING, "");
    }

    @Override
    public void redirect(String location) {
        redirect(302, location);
    }

    @Override
    public void redirect(int status, String location) {
        if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            throw new IllegalArgumentException("redirect status: " + status + "; 301, 302, 303, 307 or 308");
        }
        status(status).header("location", HeaderText.location(location));
        finish(AnswerWriter.NOTHING, "");
    }

    @Override
    public void redirectLocal(String path) {
        if (!path.startsWith("/") || path.startsWith("//")) {
            throw new HttpException(400, "the path to redirect to is not a path of this server");
        }
        redirect(303, path);
    }

    @Override
    public OutputStream stream() {
        requireBlocking();
        markSent();
        ResponseStream body = new ResponseStream(exchange.answer(), this);
        exchange.streaming(body);
        return body;
    }

    @Override
    public OutputStream longLived(DrainCallback onDrain) {
        requireBlocking();
        requireUnsent();
        LongLivedStream body = LongLivedAnswer.begin(exchange, this, onDrain);
        isSent = true;
        try {
            body.flush();
        } catch (IOException clientGone) {
            throw new ClientGoneException();
        }
        return body;
    }

    @Override
    public EventStream events(EventStreamOptions options) {
        requireBlocking();
        requireUnsent();
        if (!isTypeSet()) {
            append("content-type", "text/event-stream");
        }
        if (value("cache-control") == null) {
            append("cache-control", "no-store");
        }
        replace("x-accel-buffering", "no");
        return EventBody.begin(exchange, this, options);
    }

    @Override
    protected final void begun() {
        isSent = true;
    }

    private void requireBlocking() {
        if (exchange.target().isNonBlocking()) {
            throw new IllegalStateException("a stream: not on the event loop; make the route a blocking one");
        }
    }

    @Override
    public boolean isSent() {
        return isSent;
    }

    @Override
    public boolean isAnswered() {
        return isSent || isStatusSet;
    }

    /**
     * Returns a new answer in place of this one, with the headers that neither describe content nor let caches keep it. Any thread.
     */
    ServerResponse inItsPlace() {
        ServerResponse other = new ServerResponse(exchange);
        copyTo(other);
        return other;
    }

    /** Sends the answer of an error hook in the place of this one, with the headers that interceptors have set. */
    void sendInstead(ErrorAnswer own) {
        status(own.ownStatus());
        replaceAll(own.headers());
        finish(own.body(), "");
    }

    void finish(byte[] body, String defaultType) {
        markSent();
        if (!defaultType.isEmpty() && !isTypeSet()) {
            append("content-type", defaultType);
        }
        transmit(body);
    }

    @Override
    protected void transmit(byte[] body) {
        exchange.answer().send(this, body, exchange.handlerRun().isOnOwnThread());
    }

    private void markSent() {
        requireUnsent();
        isSent = true;
    }

    private void requireUnsent() {
        if (isSent) {
            throw new IllegalStateException(
                    "response: already sent with status " + status + " for " + exchange + "; an answer is sent once");
        }
    }
}
