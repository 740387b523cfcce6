package io.lynx.jdbc.outbox;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/**
 * An inbox: the section {@code lynx.inbox} for the database {@code lynx.jdbc}, or {@code lynx.inbox.<name>} for that of the name.
 * Immutable.
 *
 * @param table the name of the table
 * @param createTable whether the table is created at the start
 * @param retention how long ids are kept
 */
public record InboxConfig(
        @Doc("Name of the table.") @Default("lynx_inbox") String table,

        @Doc("Whether the table is created at the start if there is none.") @Default("true")
        boolean createTable,

        @Doc(
                "How long the ids of processed events are kept; an event that is delivered again later is processed again.")
        @Default("7d")
        @Range(min = "1m", max = "3650d")
        Duration retention) {
    /**
     * Checks the name of the table.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public InboxConfig {
        OutboxConfig.requireTable(table);
    }
}
