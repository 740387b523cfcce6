/** gRPC: the server plugin, on the listener that HTTP uses or on one of its own, and clients of other services. */
@org.jspecify.annotations.NullMarked
module io.lynx.grpc {
    requires transitive io.lynx.core;
    requires static com.google.errorprone.annotations;
    requires io.lynx.transport;
    requires static transitive io.lynx.http;
    requires transitive io.grpc;
    requires io.grpc.stub;
    requires io.grpc.protobuf;
    requires com.google.protobuf;

    exports io.lynx.grpc;
    exports io.lynx.grpc.client;

    provides io.lynx.plugin.Plugin with
            io.lynx.grpc.GrpcServer;
}
