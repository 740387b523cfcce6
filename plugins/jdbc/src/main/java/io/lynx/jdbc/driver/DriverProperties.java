package io.lynx.jdbc.driver;

import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.Properties;

/** The properties that drivers receive beside the URL: time limits and TLS by the names of each driver. Stateless. */
final class DriverProperties {
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String MARIADB = "jdbc:mariadb:";
    private static final int LONGEST_SCHEME = 20;

    private DriverProperties() {}

    /**
     * Returns the properties of a connection; those of the configuration have the last word.
     *
     * @throws IllegalArgumentException if TLS is enabled and the driver is not known
     */
    static Properties of(DriverSettings settings, String user, String password) {
        Properties properties = new Properties();
        String url = settings.url();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        if (url.startsWith(POSTGRESQL)) {
            postgres(settings, properties);
        } else if (url.startsWith(MARIADB)) {
            mariadb(settings, properties);
        } else {
            if (settings.tls().enabled()) {
                throw new IllegalArgumentException("tls: the driver of '" + scheme(url)
                        + "' is not known; set its own options for TLS under properties, and tls.enabled: false");
            }
            if (url.startsWith("jdbc:h2:")) {
                // Otherwise H2 closes the database at the first signal, while requests are still served.
                properties.setProperty("DB_CLOSE_ON_EXIT", "FALSE");
            }
        }
        settings.properties().forEach(properties::setProperty);
        return properties;
    }

    /** Returns the beginning of a URL that names the driver, such as {@code jdbc:postgresql}, which cannot contain a secret. */
    static String scheme(String url) {
        int end = url.indexOf(':', "jdbc:".length());
        return end < 0 ? url.substring(0, Math.min(url.length(), LONGEST_SCHEME)) : url.substring(0, end);
    }

    /** Returns whether the driver can limit how long a server sends nothing, and the configuration sets no such limit itself. */
    static boolean limitsSilence(DriverSettings settings) {
        return (settings.url().startsWith(POSTGRESQL) || settings.url().startsWith(MARIADB))
                && !settings.properties().containsKey("socketTimeout")
                && !settings.url().contains("socketTimeout=");
    }

    private static void postgres(DriverSettings settings, Properties properties) {
        properties.setProperty("connectTimeout", seconds(settings.connectTimeout()));
        properties.setProperty("loginTimeout", seconds(settings.connectTimeout()));
        // Ends the driver's thread that waits for a server that hangs after it has accepted the connection.
        properties.setProperty("socketTimeout", seconds(settings.connectTimeout()));
        if (settings.readOnly()) {
            // Otherwise the driver makes transactions read only, and statements outside of them not.
            properties.setProperty("readOnlyMode", "always");
        }
        properties.setProperty("cancelSignalTimeout", "2");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "lynx");
        TlsConfig tls = settings.tls();
        if (tls.enabled()) {
            properties.setProperty("sslmode", "verify-full");
            tls.ca()
                    .ifPresentOrElse(
                            ca -> properties.setProperty("sslrootcert", ca),
                            () -> properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory"));
            tls.certificate().ifPresent(file -> properties.setProperty("sslcert", file));
            tls.key().ifPresent(file -> properties.setProperty("sslkey", file));
            // The driver takes a key in PEM for one of RSA unless it is told.
            tls.certificate()
                    .flatMap(DriverTls::keyAlgorithm)
                    .ifPresent(algorithm -> properties.setProperty("pemKeyAlgorithm", algorithm));
        }
    }

    private static void mariadb(DriverSettings settings, Properties properties) {
        properties.setProperty(
                "connectTimeout", Long.toString(settings.connectTimeout().toMillis()));
        TlsConfig tls = settings.tls();
        if (tls.certificate().isPresent()) {
            throw new IllegalArgumentException(
                    "tls.certificate: the driver of MariaDB reads a key store, not PEM files;"
                            + " set keyStore and keyStorePassword under properties");
        }
        if (!tls.enabled()
                && !settings.url().contains("sslMode=")
                && !settings.url().contains("useSsl=")) {
            properties.setProperty("sslMode", "disable"); // Drivers from 4.0 on require TLS otherwise.
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
