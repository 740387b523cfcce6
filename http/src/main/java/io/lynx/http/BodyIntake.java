package io.lynx.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The body of a request as the client sends it: held to its limit, watched for how slowly it comes, asked for where the
 * client waits for {@code 100 Continue}. For the event loop only, but for what a {@link Body} calls.
 */
final class BodyIntake implements Body.Source {
    private final Exchange exchange;
    private final ListenerState state;
    private final Connection connection;
    private final HttpServerRequest source;
    private final Body body = new Body(this);
    private long limit;
    private long size;
    private long movedAt;
    private boolean continued;

    BodyIntake(
            Exchange exchange, ListenerState state, Connection connection, HttpServerRequest source, long startedAt) {
        this.exchange = exchange;
        this.state = state;
        this.connection = connection;
        this.source = source;
        this.movedAt = startedAt;
    }

    /** Whether a body is to come. Of HTTP/2 only the frames behind the head tell. */
    static boolean isAnnounced(HttpServerRequest source) {
        String length = source.getHeader("content-length");
        if (source.version() == HttpVersion.HTTP_2) {
            return !"0".equals(length);
        }
        return (length != null && !length.equals("0")) || source.headers().contains("transfer-encoding");
    }

    /**
     * Begins to read. The exchange is dispatched when the body is complete, or too long to wait for.
     *
     * @throws HttpException if its length is said, and above {@code most} bytes
     */
    void receive(long most) {
        limit = most;
        String length = source.getHeader("content-length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > limit)) {
            throw tooLarge();
        }
        source.handler(this::received);
        source.endHandler(_ -> ended());
        boolean small = length != null && Long.parseLong(length) <= Body.EAGER;
        if (small && expectsContinue()) {
            awaited();
        } else if (expectsContinue()) {
            exchange.dispatch();
        }
    }

    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(source.getHeader("expect"));
    }

    private void received(Buffer data) {
        movedAt = state.now();
        size += data.length();
        if (size > limit) {
            if (size - data.length() <= limit) {
                state.rejected(Rejection.MAX_BODY_SIZE);
            }
            if (exchange.isDispatched()) {
                body.fail(tooLarge());
            } else {
                exchange.refuse(tooLarge());
            }
            return;
        }
        body.add(data.getBytes());
        if (size > Body.EAGER && !exchange.isNonBlocking()) {
            exchange.dispatch();
        }
    }

    private void ended() {
        body.end();
        exchange.dispatch();
    }

    private HttpException tooLarge() {
        return new HttpException(413, "the body is larger than " + limit + " bytes");
    }

    // Body.Source, called on any thread.

    @Override
    public void pause() {
        connection.execute(source::pause);
    }

    @Override
    public void resume() {
        connection.execute(source::resume);
    }

    @Override
    public void awaited() {
        connection.execute(() -> {
            movedAt = state.now();
            if (expectsContinue() && exchange.isUnanswered() && !continued) {
                continued = true;
                source.response().writeContinue();
            }
        });
    }

    Body body() {
        return body;
    }

    /** How many bytes have come. */
    long size() {
        return size;
    }

    /** Whether nothing has come for longer than that. */
    boolean isStalled(long now, long longest) {
        return now - movedAt > longest;
    }
}
