package io.lynx.transport.engine.connection;

import io.lynx.transport.HeadDefect;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;
import io.lynx.transport.engine.framing.AsciiText;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of a stream: head, pieces and end, through the library or, after an upgrade, as raw bytes. */
abstract class AnsweringStream extends CountedStream implements Stream {
    /** A whole answer of fewer bytes is not counted as unsent: the request itself, which counts until it is sent, takes as much. */
    private static final int SMALL = 1024;

    final Connection connection;
    private final HttpServerResponse target;
    private volatile boolean complete;
    private volatile @Nullable RawBytes raw;

    AnsweringStream(ListenerState state, Connection connection, HttpServerRequest source, @Nullable HeadDefect defect) {
        super(state, source, defect);
        this.connection = connection;
        this.target = source.response();
    }

    @Override
    public final void writeContinue() {
        target.writeContinue();
    }

    @Override
    public final void answer(int status, List<String> headers, long length, boolean hasBody) {
        target.setStatusCode(status);
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            target.headers().add(AsciiText.SHARED.of(name), AsciiText.SHARED.value(name, headers.get(i + 1)));
        }
        target.putHeader(HttpHeaderNames.DATE, state.date().now());
        if (length >= 0) {
            target.putHeader(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        } else if (hasBody && protocol() == Protocol.HTTP_1_1) {
            target.setChunked(true);
        } else if (hasBody && protocol() == Protocol.HTTP_1_0) {
            connection.end().closeAfterAnswer();
        }
        if (!isHttp2() && connection.end().closesAfter(this)) {
            target.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** Whether the answer has begun, or is not HTTP any more. */
    final boolean isBegun() {
        return raw != null || target.headWritten();
    }

    /** What is written from now on goes past the library. */
    final void switchTo(RawBytes bytes) {
        raw = bytes;
    }

    /** The bytes past the library; null while it writes. */
    final @Nullable RawBytes raw() {
        return raw;
    }

    @Override
    public final void write(byte[] bytes, int offset, int length, WriteListener written) {
        if (!connection.keep(length)) {
            connection.execute(() -> written.written(false));
            return;
        }
        RawBytes switched = raw;
        if (switched == null) {
            target.write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes, offset, length)))
                    .onComplete(result -> written(length, result.succeeded(), written));
        } else {
            switched.write(
                    Unpooled.wrappedBuffer(bytes, offset, length), succeeded -> written(length, succeeded, written));
        }
    }

    private void written(int length, boolean succeeded, WriteListener written) {
        connection.unsent(-length);
        written.written(succeeded);
    }

    @Override
    public final void end() {
        complete = true;
        RawBytes switched = raw;
        if (switched == null) {
            target.end().onComplete(result -> flushed(result.succeeded()));
        } else {
            switched.write(Unpooled.EMPTY_BUFFER, this::flushed);
        }
    }

    @Override
    public final void end(byte[] bytes) {
        if (raw != null) {
            write(bytes, 0, bytes.length, _ -> {});
            end();
            return;
        }
        end(bytes, bytes.length < SMALL ? 0 : bytes.length);
    }

    private void end(byte[] bytes, int counted) {
        complete = true;
        if (counted > 0 && !connection.keep(counted)) {
            connection.execute(() -> flushed(false));
            return;
        }
        target.end(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))).onComplete(result -> {
            if (counted > 0) {
                connection.unsent(-counted);
            }
            flushed(result.succeeded());
        });
    }

    @Override
    public final void end(byte[] bytes, List<String> trailers) {
        for (int i = 0; i < trailers.size(); i += 2) {
            String name = trailers.get(i);
            target.trailers().add(AsciiText.SHARED.of(name), AsciiText.SHARED.value(name, trailers.get(i + 1)));
        }
        if (connection.takes(target.streamId(), bytes.length)) {
            end(bytes, bytes.length < SMALL ? 0 : bytes.length);
            return;
        }
        complete = true;
        // The trailers follow when everything before them was sent.
        write(bytes, 0, bytes.length, succeeded -> {
            if (succeeded) {
                end();
            } else {
                flushed(false);
            }
        });
    }

    @Override
    public final void closeAfterAnswer() {
        if (!isHttp2()) {
            connection.end().closeAfterAnswer();
        }
    }

    /** Whether the protocol has completed the answer, which may not have been sent yet. */
    final boolean isComplete() {
        return complete;
    }

    /** The end of the answer was handed to the operating system, or could not be. On the event loop. */
    abstract void flushed(boolean succeeded);

    /** Ends the stream of HTTP/2 with an error code. */
    final void reset(long code) {
        target.reset(code);
    }

    /** Runs {@code action} when the stream is closed, by whichever end. */
    final void onClose(Runnable action) {
        target.closeHandler(_ -> action.run());
    }
}
