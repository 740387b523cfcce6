package io.lynx.jdbc;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/*
 * lynx_leadership  the lease of each name: who holds it, and until when by the clock of the database; renewals change it
 * lynx_fencing     the largest token of each name; only a takeover changes it, and protected writes lock it in their transactions
 *
 * They are two tables so that a long protected write does not hold up renewals. A takeover does not wait for the lock of a protected
 * write: it tries again later. PostgreSQL ends transactions, of writes and of takeovers, whose client is frozen. A lease whose end is farther away
 * than twice its duration counts as ended, since then the clock of the database has gone back.
 */

/** Leases in a database, by the clock of the database. Thread-safe. */
final class JdbcLeases implements LeaseBackend {
    private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);
    private static final Duration UNKNOWN = Duration.ofMillis(-1);

    private final String url;
    private final LeaseConnection connection;

    /** A row of {@code lynx_leadership}; {@code left} is the time until its end, in milliseconds. */
    private record LeaseRow(String holder, long token, long left, long lease) {
        boolean isAlive() {
            return left > 0 && left <= 2 * lease;
        }
    }

    JdbcLeases(String url, LeaseConnection connection) {
        this.url = url;
        this.connection = connection;
    }

    @Override
    public LeaseAnswer acquire(String leadership, String holder, Duration duration) throws Exception {
        LeaseDialect dialect = LeaseDialect.of(url);
        return connection.use(duration.dividedBy(3), on -> {
            LeaseRow row = read(on, dialect, leadership);
            if (row != null && row.isAlive()) {
                return occupied(row);
            }
            return takeOver(on, dialect, leadership, holder, duration.toMillis());
        });
    }

    private static LeaseAnswer occupied(@Nullable LeaseRow row) {
        return row == null
                ? new LeaseAnswer.Occupied("another instance", UNKNOWN)
                : new LeaseAnswer.Occupied(row.holder(), Duration.ofMillis(row.left()));
    }

    private static LeaseAnswer takeOver(Connection on, LeaseDialect dialect, String name, String holder, long millis)
            throws SQLException {
        boolean isCommitted = false;
        if (number(on, "SELECT count(*) FROM lynx_fencing WHERE name = ?", name) == 0) {
            int _ = update(on, dialect.addFence(), name);
        }
        on.setAutoCommit(false);
        try {
            if (dialect == LeaseDialect.POSTGRESQL) {
                // Before anything is locked: a candidate that is frozen in a takeover must not keep the others from
                // theirs.
                long _ = number(
                        on,
                        "SELECT length(set_config('idle_in_transaction_session_timeout', ?, true))",
                        Long.toString(millis));
            }
            long last;
            try {
                last = number(on, "SELECT token FROM lynx_fencing WHERE name = ? FOR UPDATE NOWAIT", name);
            } catch (SQLException failure) {
                if (LeaseDialect.isLocked(failure)) {
                    return new LeaseAnswer.Occupied("a protected write or a takeover in progress", UNKNOWN);
                }
                throw failure;
            }
            LeaseRow row = read(on, dialect, name);
            if (row != null && row.isAlive()) {
                return occupied(row);
            }
            long now = number(on, "SELECT " + dialect.now());
            long token = Math.max(Math.max(last, row == null ? 0 : row.token()) + 1, now);
            int taken = row == null
                    ? update(
                            on,
                            "INSERT INTO lynx_leadership (holder, token, ends_at, lease_ms, name) VALUES (?, ?, "
                                    + dialect.now() + " + ?, ?, ?)",
                            holder,
                            token,
                            millis,
                            millis,
                            name)
                    : update(
                            on,
                            "UPDATE lynx_leadership SET holder = ?, token = ?, ends_at = " + dialect.now()
                                    + " + ?, lease_ms = ? WHERE name = ? AND token = ? AND (ends_at <= " + dialect.now()
                                    + " OR ends_at > " + dialect.now() + " + 2 * lease_ms)",
                            holder,
                            token,
                            millis,
                            millis,
                            name,
                            row.token());
            if (taken == 0) {
                return occupied(row);
            }
            int _ = update(on, "UPDATE lynx_fencing SET token = ? WHERE name = ?", token, name);
            on.commit();
            isCommitted = true;
            return new LeaseAnswer.Granted(new Lease(name, holder, token));
        } finally {
            if (!isCommitted) {
                on.rollback();
            }
            on.setAutoCommit(true);
        }
    }

    @Override
    public boolean renew(Lease lease, Duration duration) throws Exception {
        LeaseDialect dialect = LeaseDialect.of(url);
        long millis = duration.toMillis();
        return connection.use(
                duration.dividedBy(3),
                on -> update(
                                on,
                                "UPDATE lynx_leadership SET ends_at = " + dialect.now()
                                        + " + ?, lease_ms = ? WHERE name = ? AND holder = ? AND token = ? AND ends_at"
                                        + " > "
                                        + dialect.now(),
                                millis,
                                millis,
                                lease.leadership(),
                                lease.holder(),
                                lease.token())
                        == 1);
    }

    @Override
    public void release(Lease lease) throws Exception {
        int _ = connection.use(
                RELEASE_LIMIT,
                on -> update(
                        on,
                        "UPDATE lynx_leadership SET ends_at = 0 WHERE name = ? AND holder = ? AND token = ?",
                        lease.leadership(),
                        lease.holder(),
                        lease.token()));
    }

    private static @Nullable LeaseRow read(Connection on, LeaseDialect dialect, String name) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement("SELECT holder, token, ends_at - " + dialect.now()
                + ", lease_ms FROM lynx_leadership WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? new LeaseRow(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4))
                        : null;
            }
        }
    }

    /** Returns the number in the first row of a query; zero if there is none. */
    private static long number(Connection on, String query, Object... values) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement(query)) {
            set(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private static int update(Connection on, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
