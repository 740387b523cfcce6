package io.lynx.transport.engine.outgoing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps what a server sends before its connection is established here, until this handler is removed: servers of HTTP/2 send their settings
 * as soon as they have accepted, which may be read before the end of the attempt is noticed. Belongs to the event loop.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {
    private final Queue<Object> held = new ArrayDeque<>(1);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        held.add(message);
        context.channel().config().setAutoRead(false);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        context.fireChannelInactive();
    }

    /** The failure of a handshake reaches its listener; the library would log it too. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {}

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (held.isEmpty()) {
            return;
        }
        for (Object message = held.poll(); message != null; message = held.poll()) {
            context.fireChannelRead(message);
        }
        context.fireChannelReadComplete();
        context.channel().config().setAutoRead(true);
    }
}
