package io.lynx.jdbc;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.lynx.plugin.external.ExternalSystemConfig;
import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A database: the section {@code lynx.jdbc}, or {@code lynx.jdbc.<name>} for one with a name. Immutable.
 *
 * @param url of the driver; must begin with {@code jdbc:}
 * @param user of the database
 * @param password of the user
 * @param poolSize the most connections for statements
 * @param maxWait for a connection while all are in use
 * @param connectTimeout to open a connection
 * @param queryTimeout after which a statement is cancelled at the server
 * @param slowQuery the duration from which a statement is logged; zero for never
 * @param maxLifetime after which a connection is replaced
 * @param readOnly whether statements only read, as at a replica
 * @param startup what happens at the start while the database cannot be reached
 * @param healthTimeout of the check, and of each attempt to connect at the start
 * @param tls files for TLS
 * @param migrations what Flyway does at the start
 * @param properties further properties of the driver
 */
public record JdbcConfig(
        @Doc("JDBC URL, such as jdbc:postgresql://db.example.com/orders.")
        String url,

        @Doc("User of the database.") @Default("") String user,

        @Doc("Password of the user; a reload puts another one in force.") @Default("") @Secret
        String password,

        @Doc("The most connections for statements; the health check has one more.")
        @Default("10")
        @Range(min = "1", max = "1000")
        int poolSize,

        @Doc("How long a caller waits for a connection while all are in use.")
        @Default("2s")
        @Range(min = "0s", max = "5m")
        Duration maxWait,

        @Doc("How long opening a connection may take.") @Default("2s") @Range(min = "250ms", max = "5m")
        Duration connectTimeout,

        @Doc("After which time a statement is cancelled at the server; an earlier deadline of the request counts.")
        @Default("30s")
        @Range(min = "100ms", max = "1d")
        Duration queryTimeout,

        @Doc("The duration from which a statement is logged, without its values; 0s for never.")
        @Default("1s")
        @Range(min = "0s", max = "1h")
        Duration slowQuery,

        @Doc("After which time a connection is replaced by a new one.") @Default("30m") @Range(min = "30s", max = "1d")
        Duration maxLifetime,

        @Doc("Whether statements may only read, as at a replica.") @Default("false")
        boolean readOnly,

        @Doc(
                "While the database cannot be reached: require (the start waits, then fails) or degrade (it starts without).")
        @Default("require")
        StartupMode startup,

        @Doc("Time limit of the health check, and of each attempt to connect at the start.")
        @Default("2s")
        @Range(min = "100ms", max = "1m")
        Duration healthTimeout,

        @Doc("TLS, for PostgreSQL and MariaDB.") TlsConfig tls,

        @Doc("Migrations at the start, if Flyway is on the class path.")
        Migrations migrations,

        @Doc("Further properties of the driver.") Map<String, String> properties)
        implements ExternalSystemConfig {
    /**
     * Copies the properties.
     *
     * @throws IllegalArgumentException if the URL is not one of JDBC, or a property is a key of this section
     */
    public JdbcConfig {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        if (!url.startsWith("jdbc:")) {
            throw new IllegalArgumentException(
                    "url: does not begin with jdbc:; write jdbc:postgresql://HOST:PORT/DATABASE or another URL of a JDBC"
                            + " driver");
        }
        for (String key : List.of("user", "password")) {
            if (properties.containsKey(key)) {
                throw new IllegalArgumentException(
                        "properties: '" + key + "' is a key of its own; set " + key + " beside url");
            }
        }
    }

    /**
     * What Flyway does at the start.
     *
     * @param enabled whether it migrates the database
     * @param locations where the scripts are; empty for {@code classpath:db/migration}, or {@code
     *     classpath:db/<name>/migration} if the database has a name
     * @param baseline whether a schema that has tables and no history is taken as version 1
     */
    public record Migrations(
            @Doc("Whether Flyway migrates the database at the start, if it is on the class path.") @Default("true")
            boolean enabled,

            @Doc("Where the scripts are; classpath:db/migration, or classpath:db/<name>/migration, if not set.")
            List<String> locations,

            @Doc("Whether a schema that has tables and no history of Flyway is taken as version 1.") @Default("false")
            boolean baseline) {
        /** Copies the list. */
        public Migrations {
            locations = List.copyOf(locations);
        }
    }
}
