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
 * @param standard what OpenTelemetry's standard variables say
 */
public record OpenTelemetryConfig(
        @Doc("Whether scraped series have labels that name their instrumentation: otel_scope_name, otel_scope_version.")
        @Default("true")
        boolean scopeLabels,

        @Doc("Attributes of the service in addition to its name, version and host.") @Default("{}")
        Map<String, String> resource,

        @Doc("Whether all metrics are pushed, and to which collector.")
        OtlpConfig otlp,

        @Doc("Whether spans are recorded and pushed, and to which collector.")
        TracesConfig traces,

        @Doc("What OpenTelemetry's standard variables say; the keys above win.")
        StandardConfig standard) {
    /**
     * Copies the attributes.
     *
     * @throws IllegalArgumentException if spans are to be pushed and no endpoint is set
     */
    public OpenTelemetryConfig {
        resource = Map.copyOf(resource);
        boolean hasEndpoint = traces.endpoint().isPresent()
                || standard.tracesEndpoint().isPresent()
                || standard.endpoint().isPresent();
        if (traces.enabled().orElse(false) && !hasEndpoint) {
            throw new IllegalArgumentException(
                    "traces.enabled: true without a collector; set traces.endpoint, such as http://collector:4318");
        }
    }
}
