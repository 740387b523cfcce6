package io.lynx.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates a database by Flyway, which lets one instance of a service migrate at a time by a lock in the database. Loaded only if Flyway
 * is on the class path. Stateless.
 */
final class FlywayMigrations {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcPlugin.class);
    private static final String HISTORY = "flyway_schema_history";
    /** How the names of the tables of plugins begin. */
    private static final String OWN = "lynx_";

    private static final Pattern LOCATION = Pattern.compile("(?m)^Location\\s*:\\s*(\\S+)");
    private static final Pattern LINE = Pattern.compile("(?m)^Line\\s*:\\s*(\\d+)");
    private static final Pattern MESSAGE = Pattern.compile("(?m)^Message\\s*:\\s*(.+)");

    private FlywayMigrations() {}

    /**
     * Applies the migrations that are missing. A schema that has no tables but those that plugins of Lynx have created counts as empty.
     *
     * @param isBaseline whether a schema that has tables and no history is taken as it is
     * @return whether the database has a history of migrations
     * @throws SQLException if the database cannot be reached
     * @throws MigrationException if a script is wrong, missing or changed
     */
    static boolean run(String database, List<String> locations, boolean isBaseline, DataSource source)
            throws SQLException, MigrationException {
        try {
            FluentConfiguration settings = Flyway.configure(
                            Thread.currentThread().getContextClassLoader())
                    .dataSource(source)
                    .locations(locations.toArray(String[]::new))
                    .baselineOnMigrate(isBaseline)
                    .loggers("slf4j");
            Flyway flyway = settings.load();
            MigrationInfoService known = flyway.info();
            if (known.all().length == 0) {
                LOG.atInfo()
                        .addKeyValue("database", database)
                        .log(
                                "Flyway finds no scripts in {}, so the database is not migrated",
                                String.join(", ", locations));
                return false; // A database that others migrate gets no table of Flyway.
            }
            if (!isBaseline && known.current() == null && hasOwnTablesOnly(source)) {
                // Every script is later than version 0.
                flyway = settings.baselineOnMigrate(true).baselineVersion("0").load();
            }
            MigrateResult result = flyway.migrate();
            if (result.migrationsExecuted > 0) {
                LOG.atInfo()
                        .addKeyValue("database", database)
                        .addKeyValue("migrations", result.migrationsExecuted)
                        .log("Database migrated to version {}", result.targetSchemaVersion);
            }
            return true;
        } catch (FlywayException failure) {
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    if (SqlFailures.isOutage(sql)) {
                        throw sql;
                    }
                    if (SqlFailures.isRefusedWrite(sql)) {
                        // The start waits for a disk that is full as for a database that is not there.
                        throw new SQLTransientException("migration: " + sql.getMessage(), sql);
                    }
                }
            }
            throw new MigrationException(message(String.valueOf(failure.getMessage())), failure);
        }
    }

    /** Returns whether the schema has tables, and all of them are of plugins, such as those of leases and of the outbox. */
    private static boolean hasOwnTablesOnly(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            String schema = connection.getSchema();
            String escape = data.getSearchStringEscape();
            String pattern = schema == null ? null : schema.replace("_", escape + "_");
            boolean hasTables = false;
            try (ResultSet tables = data.getTables(connection.getCatalog(), pattern, "%", null)) {
                while (tables.next()) {
                    hasTables = true;
                    if (!tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT).startsWith(OWN)) {
                        return false;
                    }
                }
            }
            return hasTables;
        }
    }

    /**
     * Checks that the history of migrations is still there.
     *
     * @throws SQLException if it is not
     */
    static void requireHistory(Connection connection) throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString().strip();
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT 1 FROM " + quote + HISTORY + quote + " WHERE 1 = 0")
                    .close();
        } catch (SQLException failure) {
            throw SqlFailures.isOutage(failure)
                    ? failure
                    : new SQLException(
                            "the database has lost its tables, since it was migrated and has no " + HISTORY
                                    + " any more ("
                                    + failure.getMessage()
                                    + "); restore its data, or restart the service to migrate an empty database",
                            failure.getSQLState(),
                            failure);
        }
    }

    /** Returns one line that begins with the script and the line of it. */
    static String message(String text) {
        Matcher location = LOCATION.matcher(text);
        Matcher line = LINE.matcher(text);
        Matcher message = MESSAGE.matcher(text);
        if (text.contains("baselineOnMigrate")) {
            return "migration: the schema has tables, and no history of migrations; use an empty schema, or set"
                    + " migrations.baseline: true to take what is there as version 1, so that a script V1 does not run";
        }
        if (text.contains("Unsupported Database")) {
            return "migration: " + text.strip()
                    + "; add the module of Flyway for it to the class path (for PostgreSQL,"
                    + " org.flywaydb:flyway-database-postgresql; for MariaDB and MySQL, org.flywaydb:flyway-mysql), or set"
                    + " migrations.enabled: false";
        }
        if (!location.find()) {
            return "migration: " + text.strip().replaceAll("\\s*\\n\\s*", "; ");
        }
        return "migration " + location.group(1) + (line.find() ? ", line " + line.group(1) : "") + ": "
                + (message.find() ? message.group(1).strip() : text.strip())
                + "; correct the script and start again";
    }
}
