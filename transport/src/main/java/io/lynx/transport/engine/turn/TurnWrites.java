package io.lynx.transport.engine.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins what is written to one connection in one turn of the event loop. The requests or answers of many streams of HTTP/2, with a head,
 * pieces and trailers each, are ready in the same turn, and each flush is a system call: they are sent behind the tasks that wait already,
 * which are those that write the others. Small buffers are copied into one, since the channel, TLS and the operating system need more
 * time for a buffer of its own than for its bytes. If much waits, it is sent at once. Belongs to the event loop.
 */
public final class TurnWrites extends ChannelDuplexHandler {
    private static final String NAME = "lynx-turn-writes";

    /** A larger buffer is not copied. */
    private static final int SMALL = 512;

    private static final int FIRST_ROOM = 2 * 1024;
    private static final int ROOM = 16 * 1024;

    private @Nullable ChannelHandlerContext here;
    private @Nullable ByteBuf joined;
    private List<ChannelPromise> promises = new ArrayList<>();
    private boolean isFlushDue;

    private TurnWrites() {}

    /** Joins what handlers write that are added after this call, which are farther from the socket. */
    public static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(NAME, new TurnWrites());
    }

    /** Joins what is written behind {@code plain}, which is nearer to the socket. */
    public static TurnWrites addBehind(ChannelHandlerContext plain) {
        TurnWrites writes = new TurnWrites();
        plain.pipeline().addAfter(plain.name(), NAME, writes);
        return writes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        here = context;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.readableBytes() <= SMALL) {
            join(context, bytes, promise);
        } else {
            passOn(context);
            context.write(message, promise);
        }
    }

    private void join(ChannelHandlerContext context, ByteBuf bytes, ChannelPromise promise) {
        ByteBuf into = joined;
        if (into != null && into.writerIndex() + bytes.readableBytes() > ROOM) {
            passOn(context);
            into = null;
        }
        if (into == null) {
            into = context.alloc().directBuffer(FIRST_ROOM, ROOM);
            joined = into;
        }
        try {
            into.writeBytes(bytes);
        } finally {
            bytes.release();
        }
        promises.add(promise);
    }

    /** Writes what was joined. */
    private void passOn(ChannelHandlerContext context) {
        ByteBuf bytes = joined;
        if (bytes == null) {
            return;
        }
        joined = null;
        List<ChannelPromise> written = promises;
        promises = new ArrayList<>(written.size());
        context.write(bytes).addListener(result -> {
            for (ChannelPromise each : written) {
                if (result.isSuccess()) {
                    boolean _ = each.trySuccess();
                } else {
                    boolean _ = each.tryFailure(result.cause());
                }
            }
        });
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        EventLoop loop = context.channel().eventLoop();
        if (!context.channel().isWritable() || loop.isShuttingDown()) {
            flushNow(context);
        } else if (!isFlushDue) {
            isFlushDue = true;
            loop.execute(() -> flushDue(context));
        }
    }

    private void flushDue(ChannelHandlerContext context) {
        if (isFlushDue) {
            flushNow(context);
        }
    }

    private void flushNow(ChannelHandlerContext context) {
        isFlushDue = false;
        passOn(context);
        context.flush();
    }

    /** Sends what waits, flushed or not, before something is written or closed past this handler. */
    public void sendNow() {
        ChannelHandlerContext context = here;
        if (context != null && (isFlushDue || joined != null)) {
            flushNow(context);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        flushDue(context);
        passOn(context);
        context.close(promise);
    }

    /** What still waits cannot be sent any more: the channel refuses it. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        passOn(context);
        context.fireChannelInactive();
    }
}
