/** Authentication of HTTP requests: bearer tokens, API keys and passwords. */
@org.jspecify.annotations.NullMarked
module io.lynx.security {
    requires transitive io.lynx.core;
    requires transitive io.lynx.http;
    requires static com.google.errorprone.annotations;
    requires com.nimbusds.jose.jwt;

    exports io.lynx.security.http;

    provides io.lynx.plugin.Plugin with
            io.lynx.security.http.SecurityPlugin;
}
