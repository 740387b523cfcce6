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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks events in the table by what became of them, and lets the keys of failed ones wait. Not thread-safe. */
final class OutboxMarker {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPlugin.class);

    private final String outbox;
    private final OutboxConfig config;
    private final OutboxTable table;
    private final Transactions transactions;
    private final BlockedKeys blocked;
    private final OutcomeCounts counts;

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

    /** Marks events; returns a failure that concerns all keys. */
    @Nullable
    Throwable mark(Collection<Settled> all) throws SQLException {
        if (all.isEmpty()) {
            return null;
        }
        List<Long> delivered = new ArrayList<>();
        Map<Long, String> dead = new HashMap<>();
        Throwable general = null;
        int retried = 0;
        for (Settled each : all) {
            OutboxRow row = each.row();
            switch (each.outcome()) {
                case SinkOutcome.Delivered _ -> {
                    delivered.add(row.seq());
                    blocked.forget(row.key());
                }
                case SinkOutcome.Dead(String reason) -> {
                    dead.put(row.seq(), reason);
                    blocked.forget(row.key());
                    logDead(row, reason);
                }
                case SinkOutcome.Retry retry -> {
                    retried++;
                    if (retry.isGeneral()) {
                        general = retry.cause();
                    } else if (retry.isOwn()) {
                        String reason = block(row, retry);
                        if (reason != null) {
                            dead.put(row.seq(), reason);
                            retried--;
                        }
                    }
                }
            }
        }
        write(delivered, dead);
        counts.add("delivered", delivered.size());
        counts.add("dead_letter", dead.size());
        counts.add("retried", retried);
        return general;
    }

    private void write(List<Long> delivered, Map<Long, String> dead) throws SQLException {
        if (delivered.isEmpty() && dead.isEmpty()) {
            return;
        }
        boolean keep = !config.retention().isZero();
        Void _ = transactions.<@Nullable Void>in(connection -> {
            table.delivered(connection, delivered, keep);
            for (Map.Entry<Long, String> letter : dead.entrySet()) {
                table.dead(connection, letter.getKey(), letter.getValue());
            }
            return null;
        });
    }

    /** Lets the key of an event wait; returns why the event is a dead letter, or null. */
    private @Nullable String block(OutboxRow row, SinkOutcome.Retry retry) {
        BlockedKey key = blocked.failed(row, retry);
        String reason = LocalSink.describe(retry.cause());
        if (key.handlerFailures() >= config.attempts()) {
            blocked.forget(row.key());
            logDead(row, reason);
            return reason;
        }
        if (Integer.bitCount(key.failures()) == 1) {
            LOG.atWarn()
                    .addKeyValue("outbox", outbox)
                    .addKeyValue("event", row.message())
                    .addKeyValue("attempts", key.failures())
                    .log("Event was not delivered; it and those with its key wait for another attempt: {}", reason);
        }
        return null;
    }

    private void logDead(OutboxRow row, String reason) {
        LOG.atWarn()
                .addKeyValue("outbox", outbox)
                .addKeyValue("event", row.message())
                .log("Event is a dead letter in the table of the outbox: {}", reason);
    }
}
