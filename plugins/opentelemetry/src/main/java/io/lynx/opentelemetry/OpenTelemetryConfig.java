package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Map;

/**
 * The section {@code lynx.opentelemetry}. Immutable.
 *
 * @param scopeLabels whether scraped series have labels that name the instrumentation that recorded them
 * @param resource attributes of the service in addition to its name, version and host
 * @param otlp whether all metrics are pushed, and to which collector
 * @param traces whether spans are recorded and pushed, and to which collector
 */
public record OpenTelemetryConfig(
        @Doc("Whether scraped series have labels that name their instrumentation: otel_scope_name, otel_scope_version.")
        @Default("true")
        boolean scopeLabels,

        @Doc("Attributes of the service in addition to its name, version and host.") @Default("{}")
        Map<String, String> resource,

        @Doc("Whether all metrics are pushed, and to which collector.")
        OtlpConfig otlp,

        @Doc("Whether spans are pushed, and to which collector.")
        TracesConfig traces) {
    /** Copies the attributes. */
    public OpenTelemetryConfig {
        resource = Map.copyOf(resource);
    }
}
