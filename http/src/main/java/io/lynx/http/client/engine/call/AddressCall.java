package io.lynx.http.client.engine.call;

import io.lynx.http.client.engine.pool.AddressPool;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.pool.PooledConnection;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import io.lynx.transport.Stream.WriteListener;
import java.io.IOException;
import java.io.InputStream;

/**
 * Makes a call to one address. A call that the server certainly did not process is repeated on another connection: it had closed
 * the one in use, or refused the call. A connection that was used before may be closed by the server while a call is being sent;
 * whether it was processed is not known then, so only a call that may be processed twice is repeated, once (RFC 9110, 9.2.2).
 * Immutable and thread-safe.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority host and port as the server knows them
 */
public record AddressCall(ClientLimits limits, String scheme, String authority) {
    private static final int PIECE = 32 * 1024;
    private static final int MOST_REPEATS = 3;

    public Answer make(OutgoingRequest request, AddressPool pool, SendTime sent, CallTime time, CallFailures failures)
            throws InterruptedException {
        boolean isFresh = false;
        for (int repeats = 0; ; repeats++) {
            PooledConnection pooled = pool.acquire(time, isFresh, failures);
            boolean wasUsed = pooled.isUsed();
            try {
                OutgoingHead head = request.head(scheme, authority, time.end());
                sent.sent(time.ticker().nanos());
                return send(request, head, pooled, pool, time, failures);
            } catch (OutgoingException failure) {
                boolean isUnprocessed = failure.kind() == Kind.UNPROCESSED && repeats < MOST_REPEATS;
                boolean isStale = failure.kind() == Kind.LOST && failure.isUnanswered() && wasUsed && repeats == 0;
                if (!request.isAvailable() || !(isUnprocessed || (isStale && request.isIdempotent()))) {
                    throw failures.failed(failure, pool.text());
                }
                // A server that ends has closed all of its connections, and some of them may not be known yet.
                isFresh = isStale || repeats > 0;
            }
        }
    }

    private Answer send(
            OutgoingRequest request,
            OutgoingHead head,
            PooledConnection pooled,
            AddressPool pool,
            CallTime time,
            CallFailures failures)
            throws InterruptedException, OutgoingException {
        CallExchange exchange = new CallExchange(
                time,
                limits.readTimeout(),
                request.isStreamed() ? -1 : limits.maxBodySize(),
                failures,
                pool.text(),
                () -> pool.release(pooled));
        OutgoingConnection connection = pooled.established();
        OutgoingCall call = exchange.start(connection, head);
        boolean isAnswered = false;
        try {
            InputStream body = request.body() == null ? null : request.body().open();
            if (body != null) {
                upload(body, head.length(), call, exchange, failures);
            }
            exchange.awaitAnswer();
            isAnswered = true;
        } finally {
            if (!isAnswered) {
                exchange.cancel();
            }
        }
        return request.isStreamed()
                ? Answer.streamed(exchange.status(), exchange.headers(), new AnswerStream(exchange))
                : Answer.whole(exchange.status(), exchange.headers(), exchange.wholeBody());
    }

    /** Sends a body piece by piece, until the server has answered. */
    private static void upload(
            InputStream body, long length, OutgoingCall call, CallExchange exchange, CallFailures failures)
            throws InterruptedException {
        byte[] piece = new byte[PIECE];
        long sent = 0;
        while (!exchange.isAnswered()) {
            int count = read(body, piece, failures);
            exchange.provided();
            if (count < 0) {
                failures.requireLength(length, sent);
                call.end();
                return;
            }
            sent += count;
            if (length >= 0 && sent > length) {
                failures.requireLength(length, sent);
            }
            SentPiece written = new SentPiece(exchange);
            call.write(piece, 0, count, written);
            exchange.await(() -> written.isDone() || exchange.isAnswered());
        }
    }

    private static int read(InputStream body, byte[] piece, CallFailures failures) {
        try {
            return body.read(piece, 0, piece.length);
        } catch (IOException unreadable) {
            throw failures.unreadable(unreadable);
        }
    }

    /** A piece that is being written. Thread-safe. */
    private static final class SentPiece implements WriteListener {
        private final CallExchange exchange;
        private volatile boolean isDone;

        SentPiece(CallExchange exchange) {
            this.exchange = exchange;
        }

        boolean isDone() {
            return isDone;
        }

        @Override
        public void written(boolean succeeded) {
            isDone = true;
            exchange.sent();
        }
    }
}
