/** The HTTP server plugin: routes, requests, answers, and the drain that loses none of them. */
@org.jspecify.annotations.NullMarked
module io.lynx.http {
    requires transitive io.lynx.core;
    requires static com.google.errorprone.annotations;
    requires io.lynx.transport;

    exports io.lynx.http;
}
