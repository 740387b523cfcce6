package io.lynx.jdbc.outbox;

import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the rows that wait. Those at the head of the table may be ones that cannot be delivered now, such as those of a topic whose
 * handlers hang; so it can read on behind them, page by page, and from the head again when it has come to the end. Not thread-safe.
 */
final class OutboxReader {
    /** The most keys that a statement names; rows of others that are left out are read, and found not to be possible. */
    private static final int MOST_NAMED = 2000;

    private final OutboxTable table;
    private final Transactions transactions;
    private final int pageSize;
    private long lastRead;

    /** What was read behind the head. Immutable. */
    record Page(List<OutboxRow> rows, boolean isLast) {}

    OutboxReader(OutboxTable table, Transactions transactions, int pageSize) {
        this.table = table;
        this.transactions = transactions;
        this.pageSize = pageSize;
    }

    /** Returns the first rows, without those of some keys, as far as a statement can name them. */
    List<OutboxRow> head(Collection<String> without) throws SQLException {
        return transactions.in(connection -> table.next(connection, pageSize, 0, named(without)));
    }

    private static Collection<String> named(Collection<String> keys) {
        return keys.size() <= MOST_NAMED
                ? keys
                : keys.stream().limit(MOST_NAMED).toList();
    }

    /** Returns whether there may be rows behind those of {@link #head}. */
    boolean isFull(List<OutboxRow> head) {
        return head.size() >= pageSize;
    }

    /**
     * Returns those rows of the next page that can be delivered: they are possible, and no earlier row with their key waits.
     *
     * @param head the head, behind which it begins
     * @param without keys of which no row is returned
     */
    Page further(List<OutboxRow> head, Collection<String> without, Predicate<OutboxRow> isPossible)
            throws SQLException {
        long after = Math.max(lastRead, head.getLast().seq());
        return transactions.in(connection -> {
            List<OutboxRow> rows = table.next(connection, pageSize, after, named(without));
            List<OutboxRow> possible = possible(rows, new HashSet<>(), isPossible);
            Set<String> keys = new LinkedHashSet<>();
            possible.forEach(row -> {
                boolean _ = keys.add(row.key());
            });
            // Asked after the page was read: what was committed before a row of the page is seen.
            Set<String> early = table.waiting(connection, keys, after);
            boolean isLast = !isFull(rows);
            lastRead = isLast ? 0 : rows.getLast().seq();
            return new Page(possible(possible, early, _ -> true), isLast);
        });
    }

    /** Returns the rows that are possible; none of {@code passed} keys, or after one of its key that is not possible. */
    static List<OutboxRow> possible(List<OutboxRow> rows, Set<String> passed, Predicate<OutboxRow> isPossible) {
        List<OutboxRow> possible = new ArrayList<>();
        for (OutboxRow row : rows) {
            if (!passed.contains(row.key()) && isPossible.test(row)) {
                possible.add(row);
            } else {
                boolean _ = passed.add(row.key());
            }
        }
        return possible;
    }
}
