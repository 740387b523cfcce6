package io.lynx.transport.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A client's socket that can be read outside of the event loop's turn, before an unused connection is closed. */
final class AcceptedChannel extends NioSocketChannel {
    private static final int READ_SIZE = 4096;

    AcceptedChannel(Channel parent, SocketChannel socket) {
        super(parent, socket);
    }

    /** Reads what has arrived since the last turn; returns whether anything has. On the event loop. */
    boolean readNow() {
        ByteBuf buffer = alloc().buffer(READ_SIZE);
        int count;
        try {
            count = buffer.writeBytes(javaChannel(), buffer.writableBytes());
        } catch (IOException e) {
            count = -1;
        }
        if (count <= 0) {
            buffer.release();
            return false;
        }
        pipeline().fireChannelRead(buffer);
        pipeline().fireChannelReadComplete();
        return true;
    }
}
