package io.lynx.jdbc.outbox;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * An outbox: the section {@code lynx.outbox} for the database {@code lynx.jdbc}, or {@code lynx.outbox.<name>} for that of the name.
 * Immutable.
 *
 * @param bridge the name of the bridge that sends its events
 * @param source the attribute {@code source} of its events
 * @param table the name of the table
 * @param createTable whether the table is created at the start
 * @param batchSize the most events that are delivered at a time
 * @param concurrency how many keys of a topic are delivered at a time to handlers of this process
 * @param pollInterval the time between two looks for events that other instances have written
 * @param firstPause the bound of the first pause before another attempt
 * @param longestPause the bound of the longest
 * @param attempts how often an event is delivered to handlers that fail
 * @param maxAge the age of an event that waits from which the outbox is degraded
 * @param retention how long delivered events are kept
 * @param deadRetention how long dead letters are kept
 */
public record OutboxConfig(
        @Doc(
                "Name of the bridge that sends the events of the topics that it forwards; handlers of the leading instance receive"
                        + " the others, and all if not set.")
        @Default("")
        String bridge,

        @Doc("Attribute source of the events, a URI reference; / and the name of the bridge if not set.") @Default("")
        String source,

        @Doc("Name of the table.") @Default("lynx_outbox") String table,

        @Doc("Whether the table is created at the start if there is none.") @Default("true")
        boolean createTable,

        @Doc("The most events that are delivered at a time.") @Default("500") @Range(min = "1", max = "10000")
        int batchSize,

        @Doc("How many keys of a topic are delivered at a time to handlers of this process.")
        @Default("16")
        @Range(min = "1", max = "1024")
        int concurrency,

        @Doc("Time between two looks for events that other instances have written; an own commit is seen at once.")
        @Default("500ms")
        @Range(min = "10ms", max = "10m")
        Duration pollInterval,

        @Doc("Bound of the first random pause before another attempt; it doubles with each.")
        @Default("100ms")
        @Range(min = "1ms", max = "10m")
        Duration firstPause,

        @Doc("The largest bound of such a pause.") @Default("30s") @Range(min = "1ms", max = "1h")
        Duration longestPause,

        @Doc(
                "How often an event is delivered to handlers that fail, before it becomes a dead letter in the table; attempts"
                        + " that fail because an external system is down do not count.")
        @Default("10")
        @Range(min = "1", max = "10000")
        int attempts,

        @Doc("Age of the oldest event that waits from which the outbox is degraded.")
        @Default("1m")
        @Range(min = "1s", max = "30d")
        Duration maxAge,

        @Doc("How long delivered events are kept in the table; they are deleted at once if 0.")
        @Default("0s")
        @Range(min = "0s", max = "90d")
        Duration retention,

        @Doc("How long dead letters are kept in the table.") @Default("30d") @Range(min = "1h", max = "3650d")
        Duration deadRetention) {
    private static final Pattern TABLE =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,49}(\\.[A-Za-z_][A-Za-z0-9_]{0,49})?");

    /**
     * Checks the name of the table.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public OutboxConfig {
        requireTable(table);
    }

    /** Names of tables cannot be parameters of statements. */
    static void requireTable(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "table: '" + table + "'; letters, digits and '_' are allowed, with a schema and a dot before them");
        }
    }
}
