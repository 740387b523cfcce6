package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.transport.BodyListener;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;

/**
 * Reads the body of a request as the client sends it: enforces its limit, notes how slowly it arrives, and asks for it where
 * the client waits for {@code 100 Continue}. For the event loop, except for what a {@link Body} calls.
 */
public final class BodyReader implements Body.Source, BodyListener {
    private static final long UNKNOWN = -1;

    private final BodyOwner owner;
    private final Stream stream;
    private final Body body = new Body(this);
    private boolean isWhole;
    private long limit;
    private long size;
    private long movedAt;
    private boolean continued;

    /** A reader, which does not read yet, of the request that began at {@code startedAt}. */
    public BodyReader(BodyOwner owner, Stream stream, long startedAt) {
        this.owner = owner;
        this.stream = stream;
        this.movedAt = startedAt;
    }

    /**
     * Begins to read. The handler runs when the body is complete, or too long to wait for.
     *
     * @return false if the handler is to run at once
     * @throws HttpException if the head announces more than the limit, or not a length
     */
    public boolean begin(RouteTarget target, BodyRules rules) {
        limit = rules.limit(target);
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
        movedAt = owner.now();
        long before = size;
        size += bytes.length;
        if (size <= limit) {
            body.add(bytes, isWhole);
            if (size > Body.EAGER && !isWhole) {
                owner.dispatch();
            }
        } else if (before <= limit) {
            owner.rejected(Rejection.MAX_BODY_SIZE);
            if (owner.isDispatched()) {
                body.fail(tooLarge());
            } else {
                owner.refuse(tooLarge());
            }
        }
    }

    @Override
    public void completed() {
        body.end();
        owner.dispatch();
    }

    @Override
    public void failed(String detail) {
        owner.rejected(Rejection.MALFORMED);
        HttpException problem = new HttpException(400, detail);
        if (owner.isDispatched()) {
            body.fail(problem);
        } else {
            owner.refuse(problem);
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
            movedAt = owner.now();
            if (expectsContinue() && owner.isUnanswered() && !continued) {
                continued = true;
                stream.writeContinue();
            }
        });
    }

    public Body body() {
        return body;
    }

    /** How many bytes have arrived. */
    public long size() {
        return size;
    }

    /** Whether the handler cannot begin, or continue, without more of the body. */
    public boolean isNeeded(boolean hasBegun) {
        return (!hasBegun || body.isAwaited()) && !body.isEnded();
    }

    /** Whether nothing has arrived for longer than {@code longest}. */
    public boolean isStalled(long now, long longest) {
        return now - movedAt > longest;
    }
}
