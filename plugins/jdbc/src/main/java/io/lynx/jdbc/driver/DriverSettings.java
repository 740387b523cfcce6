package io.lynx.jdbc.driver;

import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.Map;

/**
 * What a driver is told of its connections. Immutable.
 *
 * @param url of the database
 * @param connectTimeout to open a connection
 * @param readOnly whether statements only read
 * @param tls files for TLS
 * @param properties of the user for the driver, which have the last word
 */
public record DriverSettings(
        String url, Duration connectTimeout, boolean readOnly, TlsConfig tls, Map<String, String> properties) {
    /** Copies the map. */
    public DriverSettings {
        properties = Map.copyOf(properties);
    }
}
