/**
 * The plugin {@link io.lynx.opentelemetry.OpenTelemetryPlugin}: instruments of OpenTelemetry in the application's scrape, and
 * all that the application measures pushed by OTLP.
 */
@org.jspecify.annotations.NullMarked
package io.lynx.opentelemetry;
