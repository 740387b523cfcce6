/** Meters of Micrometer in the application's scrape. */
@org.jspecify.annotations.NullMarked
module io.lynx.micrometer {
    requires transitive io.lynx.core;
    requires transitive micrometer.core;
    requires static com.google.errorprone.annotations;
    requires io.prometheus.metrics.model;
    requires micrometer.registry.prometheus;

    exports io.lynx.micrometer;

    provides io.lynx.plugin.Plugin with
            io.lynx.micrometer.MicrometerPlugin;
}
