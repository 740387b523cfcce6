package io.lynx.http;

import io.lynx.transport.BodyListener;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;

/**
 * The body of a request as the client sends it: held to its limit, watched for how slowly it comes, asked for where the
 * client waits for {@code 100 Continue}. For the event loop only, but for what a {@link Body} calls.
 */
final class BodyReader implements Body.Source, BodyListener {
    private final Exchange exchange;
    private final ServerContext state;
    private final Stream stream;
    private final Body body = new Body(this);
    private long limit;
    private long size;
    private long movedAt;
    private boolean continued;

    BodyReader(Exchange exchange, ServerContext state, Stream stream, long startedAt) {
        this.exchange = exchange;
        this.state = state;
        this.stream = stream;
        this.movedAt = startedAt;
    }

    /**
     * Begins to read. The exchange is dispatched when the body is complete, or too long to wait for.
     *
     * @throws HttpException if its length is said, and above {@code most} bytes
     */
    void receive(long most) {
        limit = most;
        String length = stream.head().header("content-length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > limit)) {
            throw tooLarge();
        }
        stream.read(this);
        boolean small = length != null && Long.parseLong(length) <= Body.EAGER;
        if (small && expectsContinue()) {
            awaited();
        } else if (expectsContinue()) {
            exchange.dispatch();
        }
    }

    private boolean expectsContinue() {
        return stream.head().protocol() != Protocol.HTTP_1_0
                && "100-continue".equalsIgnoreCase(stream.head().header("expect"));
    }

    @Override
    public void received(byte[] bytes) {
        movedAt = state.now();
        size += bytes.length;
        if (size > limit) {
            if (size - bytes.length <= limit) {
                state.rejected(Rejection.MAX_BODY_SIZE);
            }
            if (exchange.isDispatched()) {
                body.fail(tooLarge());
            } else {
                exchange.refuse(tooLarge());
            }
            return;
        }
        body.add(bytes);
        if (size > Body.EAGER && !exchange.isNonBlocking()) {
            exchange.dispatch();
        }
    }

    @Override
    public void completed() {
        body.end();
        exchange.dispatch();
    }

    @Override
    public void failed(String detail) {
        state.rejected(Rejection.MALFORMED);
        HttpException problem = new HttpException(400, detail);
        if (exchange.isDispatched()) {
            body.fail(problem);
        } else {
            exchange.refuse(problem);
        }
    }

    private HttpException tooLarge() {
        return new HttpException(413, "the body is larger than " + limit + " bytes");
    }

    // Body.Source, called on any thread.

    @Override
    public void pause() {
        stream.pause();
    }

    @Override
    public void resume() {
        stream.resume();
    }

    @Override
    public void awaited() {
        stream.onEventLoop(() -> {
            movedAt = state.now();
            if (expectsContinue() && exchange.isUnanswered() && !continued) {
                continued = true;
                stream.writeContinue();
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
