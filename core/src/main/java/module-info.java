/** The kernel of Lynx: time, configuration, health, plugins and the life of an application. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // io.lynx.transport and io.lynx.testkit are built after this one.
module io.lynx.core {
    requires transitive org.jspecify;
    requires transitive org.slf4j;
    requires static com.google.errorprone.annotations;
    requires static java.sql;
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires jdk.unsupported;
    requires transitive io.prometheus.metrics.model;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.config;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.expositionformats;
    requires io.prometheus.metrics.instrumentation.jvm;
    requires org.snakeyaml.engine;

    exports io.lynx.app;
    exports io.lynx.config;
    exports io.lynx.container to
            io.lynx.testkit;
    exports io.lynx.context;
    exports io.lynx.event;
    exports io.lynx.event.bridge;
    exports io.lynx.extension;
    exports io.lynx.extension.watch to
            io.lynx.transport;
    exports io.lynx.health;
    exports io.lynx.json;
    exports io.lynx.os to
            io.lynx.transport;
    exports io.lynx.job;
    exports io.lynx.leadership;
    exports io.lynx.metrics;
    exports io.lynx.page;
    exports io.lynx.plugin;
    exports io.lynx.plugin.external;
    exports io.lynx.recovery;
    exports io.lynx.resilience;
    exports io.lynx.security;
    exports io.lynx.time;

    uses io.lynx.app.LoggingBackend;
    uses io.lynx.json.JsonCodec;
    uses io.lynx.plugin.Plugin;
    uses io.lynx.plugin.PluginFamily;

    provides io.lynx.plugin.PluginFamily with
            io.lynx.event.bridge.BridgeFamily;
}
