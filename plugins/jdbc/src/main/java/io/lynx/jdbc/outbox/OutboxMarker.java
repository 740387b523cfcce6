package io.lynx.jdbc.outbox;

import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.BlockedKeys.BlockedKey;
import io.lynx.jdbc.outbox.OutboxSink.Settled;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks events in the table by what became of them, and lets the keys of failed ones wait. Not thread-safe, apart from {@link #failing}. */
final class OutboxMarker {
    private static final String RETRIED = "retried";
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPlugin.class);

    private final String outbox;
    private final OutboxConfig config;
    private final OutboxTable table;
    private final Transactions transactions;
    private final BlockedKeys blocked;
    private final OutcomeCounts counts;
    private final List<Long> delivered = new ArrayList<>();
    private final Map<Long, String> dead = new HashMap<>();
    private final Set<String> unmarked = new HashSet<>();
    private volatile @Nullable String failing;

    /** Counts outcomes: delivered, retried or dead_letter. */
    @FunctionalInterface
    interface OutcomeCounts {
        void add(String outcome, int count);
    }

    OutboxMarker(
            String outbox,
            OutboxConfig config,
            OutboxTable table,
            Transactions transactions,
            BlockedKeys blocked,
            OutcomeCounts counts) {
        this.outbox = outbox;
        this.config = config;
        this.table = table;
        this.transactions = transactions;
        this.blocked = blocked;
        this.counts = counts;
    }

    /**
     * Marks events, and those that could not be marked before; returns a failure that concerns all keys.
     *
     * @throws SQLException if the events could not be marked; the next call tries again
     */
    @Nullable
    Throwable mark(Collection<Settled> all) throws SQLException {
        Throwable general = null;
        for (Settled each : all) {
            OutboxRow row = each.row();
            switch (each.outcome()) {
                case SinkOutcome.Delivered _ -> {
                    boolean _ = delivered.add(row.seq());
                    finish(row);
                }
                case SinkOutcome.Dead(String reason) -> dead(row, reason);
                case SinkOutcome.Retry retry -> {
                    if (retry.isGeneral()) {
                        general = retry.cause();
                        counts.add(RETRIED, 1);
                    } else if (retry.isOwn()) {
                        failed(row, retry);
                    }
                }
            }
        }
        write();
        return general;
    }

    /** Returns the keys of the events that are delivered or dead letters, and could not be marked. */
    Set<String> unmarkedKeys() {
        return unmarked;
    }

    /** Returns the topic of an event that failed last, and why, while an event waits after a failure. Thread-safe. */
    Optional<String> failing() {
        return Optional.ofNullable(failing);
    }

    private void write() throws SQLException {
        if (!unmarked.isEmpty()) {
            boolean keep = !config.retention().isZero();
            Void _ = transactions.<@Nullable Void>in(connection -> {
                table.delivered(connection, delivered, keep);
                for (Map.Entry<Long, String> letter : dead.entrySet()) {
                    table.dead(connection, letter.getKey(), letter.getValue());
                }
                return null;
            });
            counts.add("delivered", delivered.size());
            counts.add("dead_letter", dead.size());
            delivered.clear();
            dead.clear();
            unmarked.clear();
        }
        if (blocked.isEmpty()) {
            failing = null;
        }
    }

    /** Ends the attempts at an event, which is to be marked. */
    private void finish(OutboxRow row) {
        boolean _ = unmarked.add(row.key());
        blocked.forget(row.key());
    }

    private void dead(OutboxRow row, String reason) {
        String _ = dead.put(row.seq(), reason);
        finish(row);
        LOG.atWarn()
                .addKeyValue("outbox", outbox)
                .addKeyValue("event", row.message())
                .log("Event is a dead letter in the table of the outbox: {}", reason);
    }

    /** Lets the key of an event wait, or makes the event a dead letter. */
    private void failed(OutboxRow row, SinkOutcome.Retry retry) {
        BlockedKey key = blocked.failed(row, retry);
        String reason = LocalSink.describe(retry.cause());
        if (key.handlerFailures() >= config.attempts()) {
            dead(row, reason);
            return;
        }
        failing = row.topic() + " failed: " + reason;
        counts.add(RETRIED, 1);
        if (Integer.bitCount(key.failures()) == 1) {
            LOG.atWarn()
                    .addKeyValue("outbox", outbox)
                    .addKeyValue("event", row.message())
                    .addKeyValue("attempts", key.failures())
                    .log("Event was not delivered; it and those with its key wait for another attempt: {}", reason);
        }
    }
}
