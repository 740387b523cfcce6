package io.lynx.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A client's socket that can be read outside the event loop's turn: the last look before an unused one is closed. */
final class AcceptedChannel extends NioSocketChannel {
    AcceptedChannel(Channel parent, SocketChannel socket) {
        super(parent, socket);
    }

    /** Takes in what has come since the last turn; says whether anything has. On the event loop. */
    boolean readNow() {
        ByteBuf buffer = alloc().buffer(4096);
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
