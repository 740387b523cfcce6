package io.lynx.http.engine;

import io.lynx.http.HttpException;
import io.lynx.transport.BodyListener;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;

/**
 * Reads the body of a request as the client sends it: enforces its limit, notes how slowly it arrives, and asks for it where
 * the client waits for {@code 100 Continue}. For the event loop, except for what a {@link Body} calls.
 */
final class BodyReader implements Body.Source, BodyListener {
    private static final long UNKNOWN = -1;

    private final Exchange exchange;
    private final ServerContext server;
    private final Stream stream;
    private final Body body = new Body(this);
    private boolean isWhole;
    private long limit;
    private long size;
    private long movedAt;
    private boolean continued;

    BodyReader(Exchange exchange, ServerContext server, Stream stream, long startedAt) {
        this.exchange = exchange;
        this.server = server;
        this.stream = stream;
        this.movedAt = startedAt;
    }

    /**
     * Begins to read. The exchange is dispatched when the body is complete, or too long to wait for.
     *
     * @return false if the exchange is to be dispatched at once
     * @throws HttpException if the head announces more than the limit, or not a length
     */
    boolean begin(RouteTarget target) {
        limit = target.maxBody(server);
        isWhole = target.isNonBlocking();
        long length = length(stream.head());
        boolean isExpected = expectsContinue();
        if (target.route() == null) {
            // Nothing reads it. A small one is read, so that the connection can be used again.
            if (isExpected || !isReadSoon(length)) {
                return false;
            }
            stream.read(this);
            return true;
        }
        if (length > limit) {
            throw tooLarge();
        }
        stream.read(this);
        if (target.beginsBeforeBody()) {
            return false;
        }
        boolean isSmall = length != UNKNOWN && length <= Body.EAGER;
        if (isExpected && (isSmall || isWhole)) {
            awaited();
        }
        return !isExpected || isSmall || isWhole;
    }

    private static long length(Head head) {
        String text = head.header("content-length");
        if (text == null) {
            return UNKNOWN;
        }
        try {
            return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            throw new HttpException(400, "header Content-Length: not a number");
        }
    }

    /** Whether a body that nothing reads is small, or in HTTP/2 most likely not there. */
    private boolean isReadSoon(long length) {
        if (length != UNKNOWN) {
            return length <= Body.EAGER;
        }
        return stream.head().protocol() == Protocol.HTTP_2
                && switch (stream.head().method()) {
                    case "GET", "HEAD", "OPTIONS", "DELETE" -> true;
                    default -> false;
                };
    }

    private boolean expectsContinue() {
        return stream.head().protocol() != Protocol.HTTP_1_0
                && "100-continue".equalsIgnoreCase(stream.head().header("expect"));
    }

    @Override
    public void received(byte[] bytes) {
        movedAt = server.now();
        long before = size;
        size += bytes.length;
        if (size <= limit) {
            body.add(bytes, isWhole);
            if (size > Body.EAGER && !isWhole) {
                exchange.dispatch();
            }
        } else if (before <= limit) {
            server.rejected(Rejection.MAX_BODY_SIZE);
            if (exchange.isDispatched()) {
                body.fail(tooLarge());
            } else {
                exchange.refuse(tooLarge());
            }
        }
    }

    @Override
    public void completed() {
        body.end();
        exchange.dispatch();
    }

    @Override
    public void failed(String detail) {
        server.rejected(Rejection.MALFORMED);
        HttpException problem = new HttpException(400, detail);
        if (exchange.isDispatched()) {
            body.fail(problem);
        } else {
            exchange.refuse(problem);
        }
    }

    private HttpException tooLarge() {
        return new Refusal(413, "the body is larger than " + limit + " bytes");
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
            movedAt = server.now();
            if (expectsContinue() && exchange.handlerRun().isUnanswered() && !continued) {
                continued = true;
                stream.writeContinue();
            }
        });
    }

    Body body() {
        return body;
    }

    /** How many bytes have arrived. */
    long size() {
        return size;
    }

    /** Whether the handler cannot begin, or continue, without more of the body. */
    boolean isNeeded(boolean hasBegun) {
        return (!hasBegun || body.isAwaited()) && !body.isEnded();
    }

    /** Whether nothing has arrived for longer than {@code longest}. */
    boolean isStalled(long now, long longest) {
        return now - movedAt > longest;
    }
}
