/** Metrics of OpenTelemetry in the application's scrape, all metrics pushed by OTLP, and traces. */
@org.jspecify.annotations.NullMarked
module io.lynx.opentelemetry {
    requires transitive io.lynx.core;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.sdk.metrics;
    requires static com.google.errorprone.annotations;
    requires java.net.http;
    requires io.opentelemetry.common;
    requires io.opentelemetry.context;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires io.opentelemetry.sdk.trace;
    requires io.prometheus.metrics.model;

    exports io.lynx.opentelemetry;

    provides io.lynx.plugin.Plugin with
            io.lynx.opentelemetry.OpenTelemetryPlugin;
}
