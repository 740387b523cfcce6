package io.lynx.jdbc;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** What differs between databases in the statements of leases. Times are milliseconds since 1970 by the clock of the database. */
enum LeaseDialect {
    POSTGRESQL(
            "cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)",
            "FOR SHARE",
            "INSERT INTO lynx_fencing (name, token) VALUES (?, 0) ON CONFLICT DO NOTHING"),
    MARIADB(
            "(timestampdiff(MICROSECOND, '1970-01-01', utc_timestamp(6)) DIV 1000)",
            "LOCK IN SHARE MODE",
            "INSERT IGNORE INTO lynx_fencing (name, token) VALUES (?, 0)"),
    H2(
            "datediff('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', current_timestamp)",
            "FOR UPDATE",
            "MERGE INTO lynx_fencing AS f USING (VALUES (cast(? AS VARCHAR(100)))) AS n(name) ON f.name = n.name"
                    + " WHEN NOT MATCHED THEN INSERT (name, token) VALUES (n.name, 0)");

    private static final int MARIADB_LOCK_TIMEOUT = 1205;
    private static final int MYSQL_NOWAIT = 3572;

    private final String now;
    private final String share;
    private final String fence;

    LeaseDialect(String now, String share, String fence) {
        this.now = now;
        this.share = share;
        this.fence = fence;
    }

    /**
     * Returns that of a URL.
     *
     * @throws SQLFeatureNotSupportedException if leases cannot be kept there
     */
    static LeaseDialect of(String url) throws SQLFeatureNotSupportedException {
        if (url.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        if (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")) {
            return MARIADB;
        }
        if (url.startsWith("jdbc:h2:")) {
            return H2;
        }
        throw new SQLFeatureNotSupportedException(
                "leadership: the database is not known; leases can be kept in PostgreSQL, MariaDB, MySQL and H2");
    }

    /** Returns an expression for the present time. */
    String now() {
        return now;
    }

    /** Returns what lets a query lock its rows against changes. */
    String share() {
        return share;
    }

    /** Returns a statement that adds a row of {@code lynx_fencing} unless there is one. */
    String addFence() {
        return fence;
    }

    /** Returns whether a row could not be locked at once. */
    static boolean isLocked(SQLException failure) {
        String state = failure.getSQLState();
        return "55P03".equals(state)
                || "HYT00".equals(state)
                || failure.getErrorCode() == MARIADB_LOCK_TIMEOUT
                || failure.getErrorCode() == MYSQL_NOWAIT;
    }
}
