/**
 * The plugin {@link io.lynx.opentelemetry.OpenTelemetryPlugin}: instruments of OpenTelemetry in the application's
 * scrape, and a push of all metrics of the application by OTLP.
 */
@org.jspecify.annotations.NullMarked
package io.lynx.opentelemetry;
