package io.lynx.jdbc.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Locale;

/** What differs between databases in the statements of outbox and inbox. */
enum OutboxDialect {
    POSTGRESQL("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "TEXT", "INSERT INTO", " ON CONFLICT DO NOTHING"),
    MARIADB("BIGINT AUTO_INCREMENT PRIMARY KEY", "LONGTEXT", "INSERT IGNORE INTO", ""),
    H2("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "CHARACTER LARGE OBJECT", "INSERT INTO", "");

    private final String identity;
    private final String text;
    private final String insert;
    private final String ifNew;

    OutboxDialect(String identity, String text, String insert, String ifNew) {
        this.identity = identity;
        this.text = text;
        this.insert = insert;
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
                "seq " + identity + ", event_id VARCHAR(100) NOT NULL, event_key VARCHAR(255) NOT NULL,"
                        + " state SMALLINT NOT NULL, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, attributes "
                        + text + " NOT NULL, data " + text + " NOT NULL, problem " + text,
                "state, seq");
    }

    /** Returns the statements that create the table of an inbox unless there is one. */
    List<String> createInbox(String table) {
        return create(
                table,
                "handler VARCHAR(100) NOT NULL, event_id VARCHAR(200) NOT NULL, processed_at BIGINT NOT NULL,"
                        + " PRIMARY KEY (handler, event_id)",
                "processed_at");
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

    /** Returns a statement that adds a row of an inbox unless there is one. */
    String insertIfNew(String table) {
        return insert + " " + table + " (handler, event_id, processed_at) VALUES (?, ?, ?)" + ifNew;
    }
}
