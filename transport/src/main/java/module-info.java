/** Listeners and connections below the protocols: accepting, time limits, work in flight and the drain. Internal to Lynx. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // io.lynx.http and io.lynx.grpc are built after this module.
module io.lynx.transport {
    requires transitive io.lynx.core;
    requires static com.google.errorprone.annotations;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.vertx.core;
    requires jdk.net;

    exports io.lynx.transport to
            io.lynx.grpc,
            io.lynx.http;
}
