package io.lynx.transport.engine.outgoing;

import io.lynx.transport.CallListener;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingHead;
import io.lynx.transport.Stream.WriteListener;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** One call on a connection of HTTP/1.1. Its state belongs to the event loop. */
final class Http1Call implements OutgoingCall {
    private final Http1Connection connection;
    private final Channel channel;
    final OutgoingHead head;
    final CallListener listener;

    /** Whether the whole request was written. */
    boolean isSent;

    /** Whether the whole answer has arrived. */
    boolean isRead;

    /** Whether something followed the answer. */
    boolean hasExtra;

    /** Whether the connection can carry another call. */
    boolean keepsConnection;

    /** Whether what arrives belongs to an interim answer. */
    boolean isInterim;

    /** Whether only the end of the connection is the end of the body. */
    boolean endsWithConnection;

    int interims;

    Http1Call(Http1Connection connection, Channel channel, OutgoingHead head, CallListener listener) {
        this.connection = connection;
        this.channel = channel;
        this.head = head;
        this.listener = listener;
        this.isSent = !head.isStreamed();
    }

    @Override
    public void write(byte[] bytes, int offset, int length, WriteListener written) {
        boolean isAccepted = LoopTasks.run(channel.eventLoop(), () -> {
            if (!connection.carries(this)) {
                written.written(false);
                return;
            }
            channel.writeAndFlush(
                            head.length() < 0
                                    ? RequestBytes.chunk(bytes, offset, length)
                                    : Unpooled.wrappedBuffer(bytes, offset, length))
                    .addListener(result -> written.written(result.isSuccess()));
        });
        if (!isAccepted) {
            written.written(false);
        }
    }

    @Override
    public void end() {
        boolean _ = LoopTasks.run(channel.eventLoop(), () -> {
            if (connection.carries(this)) {
                isSent = true;
                if (head.length() < 0) {
                    channel.writeAndFlush(RequestBytes.lastChunk());
                }
            }
        });
    }

    @Override
    public void pause() {
        setReading(false);
    }

    @Override
    public void resume() {
        setReading(true);
    }

    private void setReading(boolean isReading) {
        boolean _ = LoopTasks.run(channel.eventLoop(), () -> {
            if (connection.carries(this)) {
                channel.config().setAutoRead(isReading);
            }
        });
    }

    @Override
    public void cancel() {
        boolean _ = LoopTasks.run(channel.eventLoop(), () -> connection.cancel(this));
    }
}
