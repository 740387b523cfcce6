package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.FramingGate;

/**
 * A client of HTTP/1.1 that may have finished sending while it waits for answers. The end of its output says no more: the client
 * may as well have gone, which a reset or a failing write shows. Belongs to the event loop.
 */
final class HalfClosedPeer {
    private final Connection connection;
    private final AcceptedChannel channel;
    private final ClearTextReader reader;
    private final FramingGate framing;

    HalfClosedPeer(Connection connection, AcceptedChannel channel, ClearTextReader reader, FramingGate framing) {
        this.connection = connection;
        this.channel = channel;
        this.reader = reader;
        this.framing = framing;
    }

    /**
     * Whether a client that has finished sending may still wait for answers: there is a request, and each was read whole.
     * Otherwise the connection ends with what the client sent.
     */
    boolean isAnswered() {
        ConnectionEnd end = connection.end();
        return end.isInputEnded()
                || (!connection.isHttp2()
                        && !end.isLeaving()
                        && !connection.streams().isEmpty()
                        && connection.streams().areBodiesRead());
    }

    /** The client has finished sending. */
    void finished() {
        connection.end().inputEnded(framing.requests());
        channel.probeClient();
        RawBytes switched = reader.switched();
        if (switched != null) {
            switched.completed();
        }
        connection.streams().forEach(VertxStream::peerFinished);
    }

    /** Whether the client has finished sending and is known to have gone. */
    boolean isGone() {
        return connection.end().isInputEnded() && channel.isBroken();
    }
}
