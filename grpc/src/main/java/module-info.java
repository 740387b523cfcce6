/** gRPC: the server plugin, on the listener that HTTP uses or on one of its own. */
@org.jspecify.annotations.NullMarked
module io.lynx.grpc {
    requires transitive io.lynx.core;
    requires static com.google.errorprone.annotations;
    requires io.lynx.transport;
    requires transitive io.grpc;
    requires io.grpc.stub;
    requires io.grpc.protobuf;
    requires com.google.protobuf;

    exports io.lynx.grpc;

    provides io.lynx.plugin.Plugin with
            io.lynx.grpc.GrpcServer;
}
