package io.lynx.grpc.engine;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.lynx.transport.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What gRPC's interceptors may ask of the connection of a call. Stateless. */
final class CallAttributes {
    /** The stream of a call, for what reads more of it than gRPC offers. */
    static final Attributes.Key<Stream> STREAM = Attributes.Key.create("io.lynx.grpc.stream");

    private CallAttributes() {}

    static Attributes of(Stream stream) {
        return Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, resolved(stream.peer()))
                .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, resolved(stream.local()))
                .set(STREAM, stream)
                .build();
    }

    /** The transport leaves the literals of addresses as they are. */
    private static SocketAddress resolved(InetSocketAddress address) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(address.getHostString()), address.getPort());
        } catch (IllegalArgumentException noLiteral) {
            return address;
        }
    }
}
