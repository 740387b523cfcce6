package io.lynx.jdbc.outbox;

import io.lynx.jdbc.SqlFailures;
import io.lynx.jdbc.Transactions;
import io.lynx.recovery.Classification;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a table once, and again if it is lost. Where the database is absent at the start, that is done when it is there. Thread-safe. */
final class TableSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TableSetup.class);
    private static final int ATTEMPTS = 5;

    private final Function<OutboxDialect, List<String>> statements;
    private volatile boolean isDone;
    private volatile boolean isSkipped;

    TableSetup(Function<OutboxDialect, List<String>> statements) {
        this.statements = statements;
    }

    /** Leaves the table to its owner. */
    void skip() {
        isSkipped = true;
        isDone = true;
    }

    /**
     * Creates the table again, on another thread, if that a statement failed shows that it is missing, as after a restart of the server
     * without its data.
     */
    void repair(SQLException failure, Transactions transactions, ThreadFactory threads) {
        if (isSkipped || !isDone || !SqlFailures.isMissingTable(failure)) {
            return;
        }
        isDone = false;
        LOG.atWarn()
                .log(
                        "The database has lost a table, and what was in it; it is created again: {}",
                        LocalSink.describe(failure));
        threads.newThread(() -> {
                    try {
                        run(transactions);
                    } catch (SQLException | RuntimeException notNow) {
                        LOG.atDebug().setCause(notNow).log("The table could not be created; it is tried again");
                    }
                })
                .start();
    }

    /**
     * Creates the table unless it was done.
     *
     * @throws SQLException if it is not possible; another call tries again
     */
    void run(Transactions transactions) throws SQLException {
        for (int attempt = 1; !isDone; attempt++) {
            try {
                Void _ = transactions.<@Nullable Void>in(connection -> {
                    for (String sql : statements.apply(OutboxDialect.of(connection))) {
                        try (Statement statement = connection.createStatement()) {
                            boolean _ = statement.execute(sql);
                        }
                    }
                    return null;
                });
                isDone = true;
            } catch (SQLException failure) {
                // Another instance may be creating it: of two that do, PostgreSQL lets one fail.
                if (attempt == ATTEMPTS || isOutage(failure)) {
                    throw failure;
                }
            }
        }
    }

    /**
     * Creates the table, or leaves it for later if the database cannot be reached.
     *
     * @throws SQLException if the database refuses to
     */
    void tryNow(Transactions transactions) throws SQLException {
        try {
            run(transactions);
        } catch (SQLException failure) {
            if (!isOutage(failure)) {
                throw failure;
            }
            LOG.atWarn()
                    .log("The database is not there yet; its table is created later: {}", LocalSink.describe(failure));
        }
    }

    private static boolean isOutage(SQLException failure) {
        return Classification.isExternal(failure) || SqlFailures.isTemporary(failure);
    }
}
