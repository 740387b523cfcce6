package io.lynx.jdbc.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Locale;

/** What differs between databases in the statements of outbox and inbox. */
enum OutboxDialect {
    POSTGRESQL("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "TEXT", " ON CONFLICT DO NOTHING"),
    MARIADB("BIGINT AUTO_INCREMENT PRIMARY KEY", "LONGTEXT", ""),
    H2("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "CHARACTER LARGE OBJECT", "");

    /** {@code ER_DUP_ENTRY} of MariaDB and MySQL. */
    private static final int DUPLICATE_ENTRY = 1062;

    private final String identity;
    private final String text;
    private final String ifNew;

    OutboxDialect(String identity, String text, String ifNew) {
        this.identity = identity;
        this.text = text;
        this.ifNew = ifNew;
    }

    /**
     * Returns that of a database.
     *
     * @throws SQLFeatureNotSupportedException if an outbox cannot be kept there
     */
    static OutboxDialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (product) {
            case "postgresql" -> POSTGRESQL;
            case "mariadb", "mysql" -> MARIADB;
            case "h2" -> H2;
            default ->
                throw new SQLFeatureNotSupportedException("outbox: the database '" + product
                        + "' is not known; an outbox can be kept in PostgreSQL, MariaDB, MySQL and H2");
        };
    }

    /** Returns the statements that create the table of an outbox unless there is one. */
    List<String> createOutbox(String table) {
        return create(
                table,
                "seq " + identity + ", event_id VARCHAR(100) NOT NULL, event_key " + exact(255) + " NOT NULL,"
                        + " state SMALLINT NOT NULL, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, attributes "
                        + text + " NOT NULL, data " + text + " NOT NULL, problem " + text,
                "state, seq");
    }

    /** Returns the statements that create the table of an inbox unless there is one. */
    List<String> createInbox(String table) {
        return create(
                table,
                "handler " + exact(100) + " NOT NULL, event_id " + exact(200)
                        + " NOT NULL, processed_at BIGINT NOT NULL," + " PRIMARY KEY (handler, event_id)",
                "processed_at");
    }

    /** Returns the type of a column whose values are the same if all characters are: collations of MariaDB ignore case and trailing spaces. */
    private String exact(int characters) {
        return this == MARIADB ? "VARBINARY(" + 4 * characters + ")" : "VARCHAR(" + characters + ")";
    }

    /** MySQL creates an index with its table only. */
    private List<String> create(String table, String columns, String indexed) {
        String statement = "CREATE TABLE IF NOT EXISTS " + table + " (" + columns;
        return this == MARIADB
                ? List.of(statement + ", INDEX (" + indexed + "))")
                : List.of(
                        statement + ")",
                        "CREATE INDEX IF NOT EXISTS " + table.replace('.', '_') + "_index ON " + table + " (" + indexed
                                + ")");
    }

    /**
     * Returns a statement that adds a row of an inbox; if there is one, it adds none or fails with a {@linkplain #isDuplicate duplicate}.
     * {@code INSERT IGNORE} of MariaDB would cut values that are too long.
     */
    String insertIfNew(String table) {
        return "INSERT INTO " + table + " (handler, event_id, processed_at) VALUES (?, ?, ?)" + ifNew;
    }

    /** Returns whether a statement of {@link #insertIfNew} has failed since there is such a row. */
    boolean isDuplicate(SQLException failure) {
        return switch (this) {
            case POSTGRESQL -> false;
            case MARIADB -> failure.getErrorCode() == DUPLICATE_ENTRY;
            case H2 -> String.valueOf(failure.getSQLState()).startsWith("23");
        };
    }
}
