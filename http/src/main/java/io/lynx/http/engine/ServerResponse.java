package io.lynx.http.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.ClientGoneException;
import io.lynx.http.Cookie;
import io.lynx.http.DrainCallback;
import io.lynx.http.HttpException;
import io.lynx.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The response of an exchange. Headers may be read by the event loop, which then answers in place of the handler. */
final class ServerResponse implements Response {
    private static final int UNKNOWN = -1;

    private final Exchange exchange;

    @GuardedBy("this")
    private final List<String> headers = new ArrayList<>(8);

    private int status = 200;
    private boolean isStatusSet;
    private boolean isTypeSet;
    private boolean isMissing;
    private boolean isSent;

    /** What the answer varies by besides what the handler says; null if nothing. */
    @GuardedBy("this")
    private @Nullable List<String> varying;

    ServerResponse(Exchange exchange) {
        this.exchange = exchange;
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

    /** The status that was set here. */
    int ownStatus() {
        return status;
    }

    /** A failure passes through the interceptors. It becomes an answer with this status unless one of them answers. */
    void failing(int mapped) {
        if (!isSent) {
            status = mapped;
        }
    }

    /** The handler has returned without an answer, which becomes a 500 unless an interceptor answers. */
    void missing() {
        isMissing = true;
    }

    @Override
    public Response header(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        remove(name);
        return add(name, value);
    }

    private synchronized void remove(String name) {
        for (int i = headers.size() - 2; i >= 0; i -= 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                headers.remove(i + 1);
                headers.remove(i);
            }
        }
    }

    @Override
    public Response addHeader(String name, String value) {
        requireUnsent();
        HeaderText.requireName(name);
        HeaderText.requireValue(name, value);
        return add(name, value);
    }

    @Override
    public Response type(String contentType) {
        return header("content-type", contentType);
    }

    @Override
    public Response cookie(Cookie cookie) {
        requireUnsent();
        return add("set-cookie", cookie.headerValue());
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
        Problem.send(exchange, this, new HttpException(status, detail));
    }

    @Override
    public void noContent() {
        status(204);
        finish(Exchange.NOTHING, "");
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
        status(status).header("location", location);
        finish(Exchange.NOTHING, "");
    }

    @Override
    public OutputStream stream() {
        requireBlocking();
        markSent();
        ResponseStream body = new ResponseStream(exchange, this);
        exchange.handlerRun().streaming(body);
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

    private void requireBlocking() {
        if (exchange.target().isNonBlocking()) {
            throw new IllegalStateException("a stream: not on the event loop; make the route a blocking one");
        }
    }

    @Override
    public boolean isSent() {
        return isSent;
    }

    /** Whether the handler has set a status or sent an answer. */
    boolean isAnswered() {
        return isSent || isStatusSet;
    }

    /** Tells caches that {@code response} depends on a header of its request, whatever else its handler says about it. */
    static void vary(Response response, String header) {
        if (response instanceof ServerResponse ours) {
            ours.vary(header);
        } else {
            response.addHeader("Vary", header);
        }
    }

    private synchronized void vary(String header) {
        List<String> known = varying == null ? new ArrayList<>(3) : varying;
        known.add(header);
        varying = known;
    }

    /** The headers to send, with what interceptors say about caches: name, value, name, value…; not changed after that. */
    synchronized List<String> completeHeaders() {
        if (varying != null) {
            for (String header : varying) {
                if (!variesBy(header)) {
                    boolean _ = headers.add("vary") && headers.add(header);
                }
            }
            varying = null;
        }
        return headers;
    }

    @GuardedBy("this")
    private boolean variesBy(String header) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase("vary")
                    && (HeaderText.hasToken(headers.get(i + 1), header)
                            || HeaderText.hasToken(headers.get(i + 1), "*"))) {
                return true;
            }
        }
        return false;
    }

    /** The first value of a header that was set; null if none was. */
    synchronized @Nullable String value(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /** The body is sent as gzip: its bytes differ from those that a strong validator stands for (RFC 9110, 8.8.1). */
    synchronized void isGzipped() {
        boolean _ = headers.add("content-encoding") && headers.add("gzip");
        for (int i = 0; i < headers.size(); i += 2) {
            String value = headers.get(i + 1);
            if (headers.get(i).equalsIgnoreCase("etag") && value.startsWith("\"")) {
                String _ = headers.set(i + 1, "W/" + value);
            }
        }
    }

    /**
     * The length that the handler declared.
     *
     * @return -1 if it declared none
     * @throws IllegalStateException if it is not a length
     */
    synchronized long declaredLength() {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase("content-length")) {
                String text = headers.get(i + 1).trim();
                if (!text.matches("\\d{1,18}")) {
                    throw new IllegalStateException("response: Content-Length '" + text
                            + "' is not a number of bytes; declare the length of what is written");
                }
                return Long.parseLong(text);
            }
        }
        return UNKNOWN;
    }

    /** Returns a new answer in place of this one, with the headers that do not describe content. Any thread. */
    ServerResponse inItsPlace() {
        ServerResponse other = new ServerResponse(exchange);
        synchronized (this) {
            for (int i = 0; i < headers.size(); i += 2) {
                if (!describesContent(headers.get(i))) {
                    other.add(headers.get(i), headers.get(i + 1));
                }
            }
            if (varying != null) {
                varying.forEach(other::vary);
            }
        }
        return other;
    }

    /** A {@code Content-Security-Policy} does not: it applies to the page of an error too. */
    private static boolean describesContent(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return (lower.startsWith("content-") && !lower.startsWith("content-security-policy"))
                || lower.equals("etag")
                || lower.equals("last-modified")
                || lower.equals("location")
                || lower.equals("accept-ranges");
    }

    void finish(byte[] body, String defaultType) {
        markSent();
        if (!isTypeSet && !defaultType.isEmpty()) {
            add("content-type", defaultType);
        }
        transmit(body);
    }

    /** Sends the whole answer. The handler's own thread may wait for a slow client. */
    void transmit(byte[] body) {
        exchange.answer().send(this, body, exchange.handlerRun().isOnOwnThread());
    }

    private synchronized Response add(String name, String value) {
        if (name.equalsIgnoreCase("content-type")) {
            isTypeSet = true;
        }
        headers.add(name);
        headers.add(value);
        return this;
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
