package io.lynx.jdbc.outbox;

import io.lynx.event.bridge.RedeliveryPauses;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One round: read rows that wait → deliver → mark. A crash between the second and the third step delivers the rows again, with the same
 * ids. A key whose event failed is left out of the next rounds until its pause is over; what concerns all keys, such as a broker or a
 * database that is down, pauses the relay as a whole.
 */

/** Delivers what is in the table of an outbox while this instance is the leader. One thread runs it. */
final class OutboxRelay implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPlugin.class);

    /** The most keys that are left out of a query; with more, the relay pauses as a whole. */
    private static final int MOST_BLOCKED = 500;

    private final String outbox;
    private final OutboxConfig config;
    private final OutboxTable table;
    private final Transactions transactions;
    private final OutboxSink sink;
    private final OutboxListener listener;
    private final BooleanSupplier isLeader;
    private final RelayTime time;
    private final OutcomeCounts counts;
    private final RedeliveryPauses pauses;
    private final Map<String, BlockedKey> blocked = new HashMap<>();
    private final AtomicReference<CompletableFuture<Boolean>> wake = new AtomicReference<>(new CompletableFuture<>());
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final CompletableFuture<Boolean> closing = new CompletableFuture<>();
    private volatile @Nullable Throwable problem;
    private int generalFailures;

    /** A key that waits after a failure. Immutable. */
    private record BlockedKey(int failures, int handlerFailures, Deadline until) {}

    /** The time of a relay. Immutable. */
    record RelayTime(Scheduler scheduler, Ticker ticker, RandomGenerator random) {}

    /** Counts outcomes: delivered, retried or dead_letter. */
    @FunctionalInterface
    interface OutcomeCounts {
        void add(String outcome, int count);
    }

    OutboxRelay(
            String outbox,
            OutboxConfig config,
            OutboxTable table,
            Transactions transactions,
            OutboxSink sink,
            OutboxListener listener,
            BooleanSupplier isLeader,
            RelayTime time,
            OutcomeCounts counts) {
        this.outbox = outbox;
        this.config = config;
        this.table = table;
        this.transactions = transactions;
        this.sink = sink;
        this.listener = listener;
        this.isLeader = isLeader;
        this.time = time;
        this.counts = counts;
        this.pauses = new RedeliveryPauses(config.firstPause(), config.longestPause());
    }

    /** Begins the next round at once, such as after a commit. */
    void wake() {
        boolean _ = wake.get().complete(true);
    }

    /** Ends the relay after the round in progress. */
    void close() {
        boolean _ = closing.complete(true);
        wake();
    }

    /** Waits until the relay has ended; returns whether it has. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        return TimedWait.await(ended, deadline, time.scheduler());
    }

    /** Returns why the most recent round failed; null if it did not. */
    @Nullable
    Throwable problem() {
        return problem;
    }

    @Override
    public void run() {
        try {
            while (!closing.isDone()) {
                CompletableFuture<Boolean> signal = new CompletableFuture<>();
                // Whatever is written after this wakes the wait below.
                wake.set(signal);
                Duration pause = listener.isOpen() && isLeader.getAsBoolean() ? round() : config.pollInterval();
                if (!pause.isZero() && !closing.isDone()) {
                    boolean _ = TimedWait.await(
                            generalFailures > 0 ? closing : signal,
                            Deadline.after(pause, time.ticker()),
                            time.scheduler());
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            boolean _ = ended.complete(true);
        }
    }

    /** Delivers one batch; returns how long to wait before the next. */
    private Duration round() throws InterruptedException {
        try {
            Collection<String> waiting = waitingKeys();
            List<OutboxRow> rows = transactions.in(connection -> table.next(connection, config.batchSize(), waiting));
            if (rows.size() < config.batchSize()) {
                forgetAllBut(waiting, rows);
            }
            if (rows.isEmpty()) {
                recovered();
                return untilNextKey();
            }
            return deliver(rows);
        } catch (SQLException | RuntimeException failure) {
            return general(failure);
        }
    }

    private Duration deliver(List<OutboxRow> rows) throws SQLException, InterruptedException {
        if (!listener.beginBatch()) {
            return config.pollInterval();
        }
        try {
            return settle(rows, sink.deliver(rows));
        } finally {
            listener.endBatch();
        }
    }

    private Collection<String> waitingKeys() {
        List<String> keys = new ArrayList<>();
        blocked.forEach((key, state) -> {
            if (!state.until().isExpired()) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** Forgets keys of which nothing waits any more, since another instance or an operator has dealt with their events. */
    private void forgetAllBut(Collection<String> waiting, List<OutboxRow> rows) {
        Set<String> present = new HashSet<>(waiting);
        rows.forEach(row -> present.add(row.key()));
        boolean _ = blocked.keySet().retainAll(present);
    }

    private Duration untilNextKey() {
        Duration shortest = config.pollInterval();
        for (BlockedKey key : blocked.values()) {
            Duration left = key.until().remaining();
            if (!left.isZero() && left.compareTo(shortest) < 0) {
                shortest = left;
            }
        }
        return shortest;
    }

    private Duration settle(List<OutboxRow> rows, Map<Long, SinkOutcome> outcomes) throws SQLException {
        List<Long> delivered = new ArrayList<>();
        Map<Long, String> dead = new HashMap<>();
        Throwable general = null;
        int retried = 0;
        for (OutboxRow row : rows) {
            switch (outcomes.get(row.seq())) {
                case SinkOutcome.Delivered _ -> {
                    delivered.add(row.seq());
                    blocked.remove(row.key());
                }
                case SinkOutcome.Dead(String reason) -> {
                    dead.put(row.seq(), reason);
                    blocked.remove(row.key());
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
                case null -> throw new IllegalStateException("outbox: no outcome for " + row.message());
            }
        }
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
        counts.add("retried", retried);
        if (general != null || blocked.size() > MOST_BLOCKED) {
            return general(
                    general == null ? new IllegalStateException("too many keys wait for another attempt") : general);
        }
        recovered();
        return Duration.ZERO;
    }

    /** Lets the key of an event wait; returns why the event is a dead letter, or null. */
    private @Nullable String block(OutboxRow row, SinkOutcome.Retry retry) {
        BlockedKey before = blocked.get(row.key());
        int failures = before == null ? 1 : before.failures() + 1;
        int handlerFailures = (before == null ? 0 : before.handlerFailures()) + (retry.isHandler() ? 1 : 0);
        String reason = LocalSink.describe(retry.cause());
        if (handlerFailures >= config.attempts()) {
            blocked.remove(row.key());
            logDead(row, reason);
            return reason;
        }
        if (Integer.bitCount(failures) == 1) {
            LOG.atWarn()
                    .addKeyValue("outbox", outbox)
                    .addKeyValue("event", row.message())
                    .addKeyValue("attempts", failures)
                    .log("Event was not delivered; it and those with its key wait for another attempt: {}", reason);
        }
        blocked.put(
                row.key(),
                new BlockedKey(
                        failures,
                        handlerFailures,
                        Deadline.after(pauses.after(failures, time.random()), time.ticker())));
        return null;
    }

    private void logDead(OutboxRow row, String reason) {
        LOG.atWarn()
                .addKeyValue("outbox", outbox)
                .addKeyValue("event", row.message())
                .log("Event is a dead letter in the table of the outbox: {}", reason);
    }

    private Duration general(Throwable failure) {
        generalFailures++;
        problem = failure;
        if (Integer.bitCount(generalFailures) == 1) {
            LOG.atWarn()
                    .addKeyValue("outbox", outbox)
                    .addKeyValue("attempts", generalFailures)
                    .log("Events cannot be delivered and wait: {}", LocalSink.describe(failure));
        }
        return pauses.after(generalFailures, time.random());
    }

    private void recovered() {
        if (generalFailures > 0) {
            LOG.atInfo().addKeyValue("outbox", outbox).log("Events are delivered again");
        }
        generalFailures = 0;
        problem = null;
    }
}
