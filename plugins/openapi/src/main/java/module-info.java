/** Documents of the declared routes in OpenAPI 3.1, and a page to try them. */
@org.jspecify.annotations.NullMarked
module io.lynx.openapi {
    requires transitive io.lynx.core;
    requires io.lynx.http;

    exports io.lynx.openapi;

    provides io.lynx.plugin.Plugin with
            io.lynx.openapi.OpenApiPlugin;
}
