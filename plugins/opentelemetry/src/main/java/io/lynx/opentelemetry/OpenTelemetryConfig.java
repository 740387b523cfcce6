package io.lynx.opentelemetry;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Map;

/**
 * The section {@code lynx.opentelemetry}. Immutable.
 *
 * @param scopeLabels whether a scraped series says which instrumentation recorded it
 * @param resource attributes of the service beside its name, version and host
 * @param otlp whether all metrics are pushed, and where
 */
public record OpenTelemetryConfig(
        @Doc("Whether a scraped series says which instrumentation recorded it: otel_scope_name, otel_scope_version.")
        @Default("true")
        boolean scopeLabels,

        @Doc("Attributes of the service beside its name, version and host.") @Default("{}")
        Map<String, String> resource,

        @Doc("Whether all metrics are pushed, and where.") OtlpConfig otlp) {
    /** Copies the attributes. */
    public OpenTelemetryConfig {
        resource = Map.copyOf(resource);
    }
}
