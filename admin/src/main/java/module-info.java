/** The operations endpoints: health and debug pages, on a management port of their own and on the service's. */
@org.jspecify.annotations.NullMarked
module io.lynx.admin {
    requires transitive io.lynx.core;
    requires transitive io.lynx.http;
    requires java.management;
    requires jdk.management;

    exports io.lynx.admin;

    provides io.lynx.plugin.Plugin with
            io.lynx.admin.AdminPlugin,
            io.lynx.admin.ServicePages;
}
