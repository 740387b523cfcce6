/** The HTTP server plugin: routes, requests, answers, and the drain that loses none of them. */
@org.jspecify.annotations.NullMarked
module io.lynx.http {
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

    exports io.lynx.http;
}
