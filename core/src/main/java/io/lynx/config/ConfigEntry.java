package io.lynx.config;

/**
 * A line of the effective configuration. Immutable.
 *
 * @param key in full
 * @param value as it was written and expanded; {@code ***} for a secret, empty if there is none
 * @param defaultValue as it would be written; empty if there is none
 * @param source where the value is from: {@code config.yml:12}, {@code env LYNX_METRICS_PORT}, {@code -Dlynx.http.port},
 *     {@code --lynx.http.port} or {@code default}
 * @param doc what the key means
 */
public record ConfigEntry(String key, String value, String defaultValue, String source, String doc) {}
