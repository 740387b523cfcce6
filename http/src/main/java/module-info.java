/** HTTP: the server plugin, with a drain that loses no request, and clients of other services. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // io.lynx.grpc is built after this module.
module io.lynx.http {
    requires transitive io.lynx.core;
    requires static com.google.errorprone.annotations;
    requires io.lynx.transport;
    requires java.naming;

    exports io.lynx.http;
    exports io.lynx.http.client;
    exports io.lynx.http.client.service to
            io.lynx.grpc;
    exports io.lynx.http.websocket;
}
