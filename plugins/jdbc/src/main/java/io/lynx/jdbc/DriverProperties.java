package io.lynx.jdbc;

import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.Properties;

/** The properties that drivers receive beside the URL: time limits and TLS by the names of each driver. Stateless. */
final class DriverProperties {
    private DriverProperties() {}

    /**
     * Returns the properties of a connection; those of the configuration have the last word.
     *
     * @throws IllegalArgumentException if TLS is enabled and the driver is not known
     */
    static Properties of(JdbcConfig config, String user, String password) {
        Properties properties = new Properties();
        String url = config.url();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            postgres(config, properties);
        } else if (url.startsWith("jdbc:mariadb:")) {
            mariadb(config, properties);
        } else {
            if (config.tls().enabled()) {
                throw new IllegalArgumentException("tls: the driver of '" + url.substring(0, Math.min(url.length(), 20))
                        + "…' is not known; set its own options for TLS under properties, and tls.enabled: false");
            }
            if (url.startsWith("jdbc:h2:")) {
                // Otherwise H2 closes the database at the first signal, while requests are still served.
                properties.setProperty("DB_CLOSE_ON_EXIT", "FALSE");
            }
        }
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    private static void postgres(JdbcConfig config, Properties properties) {
        properties.setProperty("connectTimeout", seconds(config.connectTimeout()));
        properties.setProperty("loginTimeout", seconds(config.connectTimeout()));
        properties.setProperty("cancelSignalTimeout", "2");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "lynx");
        TlsConfig tls = config.tls();
        if (tls.enabled()) {
            properties.setProperty("sslmode", "verify-full");
            tls.ca()
                    .ifPresentOrElse(
                            ca -> properties.setProperty("sslrootcert", ca),
                            () -> properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"));
            tls.certificate().ifPresent(file -> properties.setProperty("sslcert", file));
            tls.key().ifPresent(file -> properties.setProperty("sslkey", file));
        }
    }

    private static void mariadb(JdbcConfig config, Properties properties) {
        properties.setProperty(
                "connectTimeout", Long.toString(config.connectTimeout().toMillis()));
        TlsConfig tls = config.tls();
        if (tls.certificate().isPresent()) {
            throw new IllegalArgumentException(
                    "tls.certificate: the driver of MariaDB reads a key store, not PEM files;"
                            + " set keyStore and keyStorePassword under properties");
        }
        if (tls.enabled()) {
            properties.setProperty("sslMode", "verify-full");
            tls.ca().ifPresent(ca -> properties.setProperty("serverSslCert", ca));
        }
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, Math.ceilDiv(duration.toMillis(), 1_000L)));
    }
}
