package io.lynx.grpc.client.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.context.Span;
import io.lynx.grpc.engine.wire.InboundMessage;
import io.lynx.grpc.engine.wire.MessageCutter;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.http.client.service.ServerConnection;
import io.lynx.http.client.service.ServerConnection.Verdict;
import io.lynx.transport.CallListener;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream to a server that carries a call, and its answer. Its listener methods are called by the event loop of the connection, all
 * others by any thread.
 */
final class RpcStream implements CallListener, MessageCutter.Sink {
    /** While more than this waits for the application, no more is read. */
    private static final long READ_AHEAD = 64 * 1024;

    private final RpcAttempt attempt;
    private final ServerConnection connection;
    private final Span span;
    private final MessageCutter cutter;
    private volatile @Nullable OutgoingCall stream;
    private volatile boolean isPaused;

    @GuardedBy("this")
    private boolean isOver;

    // On the event loop.

    /** A head that names a status: it is the end of the answer too, if nothing follows. */
    private @Nullable List<String> held;

    private @Nullable List<String> trailers;
    private boolean isAnswered;

    RpcStream(RpcAttempt attempt, ServerConnection connection, Span span) {
        this.attempt = attempt;
        this.connection = connection;
        this.span = span;
        RpcCoding<?, ?> coding = attempt.rpc().coding();
        // What it may contain is known with the head of the answer.
        this.cutter = new MessageCutter(this, "answer", coding.maxReceived(), coding.key(), coding::hasDecompressor);
    }

    /** Sends the head, and the whole body if {@code head} has one. */
    OutgoingCall start(OutgoingHead head) {
        OutgoingCall started = connection.connection().call(head, this);
        stream = started;
        if (isOver()) {
            started.cancel();
        }
        return started;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    @Override
    public void head(int code, List<String> headers) {
        Status problem = AnswerStatus.problem(code, headers);
        if (problem == null && !attempt.rpc().coding().decompressBy(AnswerStatus.field(headers, "grpc-encoding"))) {
            problem = Status.INTERNAL.withDescription("the answer has a grpc-encoding that is not known");
        }
        if (problem != null) {
            reject(problem);
        } else if (AnswerStatus.field(headers, AnswerStatus.STATUS) != null) {
            held = headers;
        } else {
            begin(headers);
        }
    }

    /** Something of an answer has arrived: there is no other attempt. */
    private void begin(List<String> headers) {
        Metadata metadata;
        try {
            metadata = MetadataText.of(headers);
        } catch (MetadataText.MalformedException malformed) {
            reject(Status.INTERNAL.withDescription(malformed.getMessage()));
            return;
        }
        isAnswered = true;
        attempt.answered(metadata);
    }

    @Override
    public void received(byte[] bytes) {
        List<String> head = held;
        if (head != null) {
            held = null;
            begin(head);
        }
        if (isAnswered) {
            cutter.cut(bytes);
        }
    }

    @Override
    public void message(InboundMessage message) {
        if (attempt.rpc().callbacks().message(message) > READ_AHEAD) {
            pause();
        }
    }

    private void pause() {
        OutgoingCall started = stream;
        if (started != null && !isPaused) {
            // In this order, so that what the application resumes has been paused.
            started.pause();
            isPaused = true;
            taken(attempt.rpc().callbacks().waiting());
        }
    }

    /** The application has taken a message; so many bytes still wait. */
    void taken(long stillWaiting) {
        OutgoingCall started = stream;
        if (isPaused && stillWaiting <= READ_AHEAD / 2 && started != null) {
            isPaused = false;
            started.resume();
        }
    }

    @Override
    public void trailers(List<String> fields) {
        trailers = fields;
    }

    @Override
    public void completed() {
        connection.release();
        List<String> fields = trailers == null ? held : trailers;
        if (cutter.isInside()) {
            ended(Status.INTERNAL.withDescription("the answer ended in the middle of a message"), new Metadata());
            return;
        }
        if (fields == null) {
            ended(AnswerStatus.of(List.of()), new Metadata());
            return;
        }
        Status status = AnswerStatus.of(fields);
        Metadata metadata;
        try {
            metadata = AnswerStatus.metadata(fields);
        } catch (MetadataText.MalformedException malformed) {
            status = Status.INTERNAL.withDescription(malformed.getMessage());
            metadata = new Metadata();
        }
        ended(status, metadata);
    }

    private void ended(Status status, Metadata metadata) {
        if (over(status, verdict(status))) {
            attempt.ended(isAnswered, new RpcFailure(status, metadata, null));
        }
    }

    private static Verdict verdict(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE ? Verdict.FAILED : Verdict.HEALTHY;
    }

    @Override
    public void failed(OutgoingException failure) {
        connection.release();
        Status status = AnswerStatus.of(failure);
        boolean maySend = !isAnswered && attempt.mayResend(failure, connection.wasUsed());
        if (over(status, maySend ? Verdict.UNKNOWN : Verdict.FAILED) && !(maySend && attempt.resend())) {
            attempt.ended(isAnswered, new RpcFailure(attempt.described(status), new Metadata(), reason(failure)));
        }
    }

    private static String reason(OutgoingException failure) {
        return switch (failure.kind()) {
            case CONNECT -> "unreachable";
            case TLS -> "tls";
            case LOST, UNPROCESSED -> "connection_lost";
            case MALFORMED -> "malformed";
            case HEAD_TOO_LARGE -> "too_large";
        };
    }

    @Override
    public void malformed(Status status) {
        cutter.stop();
        reject(status);
    }

    /** What the server sends is of no use. */
    private void reject(Status status) {
        if (over(status, verdict(status))) {
            reset();
            attempt.ended(isAnswered, new RpcFailure(attempt.described(status), new Metadata(), "malformed"));
        }
    }

    @Override
    public boolean take(long bytes) {
        return true;
    }

    @Override
    public void giveBack(long bytes) {}

    @Override
    public void exhausted() {}

    /** The call is over before its answer. */
    void cancel(Status status, Verdict verdict) {
        if (over(status, verdict)) {
            reset();
        }
    }

    private void reset() {
        OutgoingCall started = stream;
        if (started != null) {
            started.cancel();
        }
    }

    /** Returns false if the attempt was over before. */
    private boolean over(Status status, Verdict verdict) {
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
        }
        connection.ended(verdict);
        RpcTrace.ended(span, status);
        return true;
    }
}
