package io.lynx.jdbc.outbox;

import io.lynx.event.bridge.RedeliveryPauses;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One round: read rows that wait → deliver → mark. A crash between the second and the third step delivers the rows again, with the same
 * ids. Left out are a key whose event failed, until its pause is over, and one whose event is still with its handler. Rows of a topic that
 * takes no more are passed over, and the rows behind them are looked at. What concerns all keys, such as a broker or a database that is
 * down, pauses the relay as a whole.
 */

/** Delivers what is in the table of an outbox while this instance is the leader. One thread runs it. */
final class OutboxRelay implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPlugin.class);

    /** The shortest and the longest time between two rounds while rows are passed over. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(100);

    private static final Duration LONGEST_LOOK = Duration.ofMillis(500);

    /** How long the end waits for deliveries that were cancelled. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);

    /** How many pages behind the head are read each {@link #LONGEST_LOOK}. */
    private static final int MOST_PAGES = 4;

    private final String outbox;
    private final OutboxConfig config;
    private final OutboxReader reader;
    private final OutboxMarker marker;
    private final OutboxSink sink;
    private final OutboxListener listener;
    private final BooleanSupplier isLeader;
    private final RelayTime time;
    private final RedeliveryPauses pauses;
    private final BlockedKeys blocked;
    private final WakeSignal wake;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile boolean isClosing;
    private volatile @Nullable Throwable problem;
    private int generalFailures;
    private int heldBatches;
    private Deadline nextFurther;

    /** The time of a relay. Immutable. */
    record RelayTime(Scheduler scheduler, Ticker ticker, RandomGenerator random) {}

    /** The time until the next round: the longest, and the shortest, before which no signal begins it. Immutable. */
    private record Pause(Duration longest, Duration shortest) {
        static final Pause NONE = new Pause(Duration.ZERO, Duration.ZERO);

        static Pause of(Duration duration) {
            return new Pause(duration, Duration.ZERO);
        }

        static Pause between(Duration shortest, Duration longest) {
            return new Pause(longest.compareTo(shortest) < 0 ? shortest : longest, shortest);
        }

        static Pause whole(Duration duration) {
            return new Pause(duration, duration);
        }
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
            WakeSignal wake,
            OutboxMarker.OutcomeCounts counts) {
        this.outbox = outbox;
        this.config = config;
        this.reader = new OutboxReader(table, transactions, config.batchSize());
        this.sink = sink;
        this.listener = listener;
        this.isLeader = isLeader;
        this.time = time;
        this.wake = wake;
        this.pauses = new RedeliveryPauses(config.firstPause(), config.longestPause());
        this.blocked = new BlockedKeys(pauses, time.ticker(), time.random());
        this.marker = new OutboxMarker(outbox, config, table, transactions, blocked, counts);
        this.nextFurther = Deadline.after(Duration.ZERO, time.ticker());
    }

    /** Begins the next round at once, such as after a commit. */
    void wake() {
        wake.wake();
    }

    /** Ends the relay after the round in progress. */
    void close() {
        isClosing = true;
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

    /** Returns the topic of an event that failed last, and why, while an event waits after a failure. */
    Optional<String> failing() {
        return marker.failing();
    }

    @Override
    public void run() {
        try {
            Deadline earliest = after(Duration.ZERO);
            Deadline latest = earliest;
            boolean isWoken = false;
            while (!isClosing) {
                // Whatever is written after this wakes the wait below.
                CompletionStage<Boolean> signal = wake.renew();
                boolean isPausing = generalFailures > 0 && !earliest.isExpired() && listener.isOpen();
                Pause pause = isPausing ? null : settleEnded();
                if (pause == null && (latest.isExpired() || (isWoken && earliest.isExpired()))) {
                    pause = listener.isOpen() && isLeader.getAsBoolean() ? round() : idle();
                    isWoken = false;
                }
                if (pause != null) {
                    earliest = after(pause.shortest());
                    latest = after(pause.longest());
                }
                if (!isClosing) {
                    isWoken |= TimedWait.await(signal, isWoken ? earliest : latest, time.scheduler());
                }
            }
            settleLast();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            hold(0);
            boolean _ = ended.complete(true);
        }
    }

    private Deadline after(Duration duration) {
        return Deadline.after(duration, time.ticker());
    }

    private Pause idle() {
        // What has failed may be delivered by the leader meanwhile.
        blocked.retain(Set.of());
        return Pause.of(longestIdle());
    }

    /** What handlers have finished is marked soon, though more of the key is with them. */
    private Duration longestIdle() {
        return sink.busyKeys().isEmpty() || config.pollInterval().compareTo(LONGEST_LOOK) < 0
                ? config.pollInterval()
                : LONGEST_LOOK;
    }

    /** Marks what was delivered by the end. Deliveries in progress are cancelled at the same time. */
    private void settleLast() throws InterruptedException {
        Deadline deadline = after(LAST_PATIENCE);
        boolean isLast = false;
        while (!isLast) {
            CompletionStage<Boolean> signal = wake.renew();
            @Nullable Pause _ = settleEnded();
            isLast = sink.busyKeys().isEmpty() || !TimedWait.await(signal, deadline, time.scheduler());
        }
        @Nullable Pause _ = settleEnded();
    }

    /** Marks what has ended since the last round; returns a pause if that failed. */
    private @Nullable Pause settleEnded() {
        try {
            Throwable general = marker.mark(sink.ended());
            return general == null ? null : general(general);
        } catch (SQLException | RuntimeException failure) {
            return general(failure);
        } finally {
            hold();
        }
    }

    /** Delivers one batch; returns how long to wait before the next. */
    private Pause round() throws InterruptedException {
        try {
            Deadline nextKey = after(blocked.untilNext(longestIdle()));
            Set<String> leftOut = leftOut();
            List<OutboxRow> head = reader.head(leftOut);
            boolean isFull = reader.isFull(head);
            if (!isFull) {
                retain(leftOut, head);
            }
            if (head.isEmpty()) {
                recovered();
                return Pause.of(nextKey.remaining());
            }
            List<OutboxRow> possible = OutboxReader.possible(head, new HashSet<>(), isPossible(leftOut));
            boolean isAll = possible.size() == head.size();
            Throwable general = deliver(possible);
            boolean isStuck = !isAll || !sink.busyKeys().isEmpty();
            if (general == null && isFull && isStuck && nextFurther.isExpired()) {
                general = deliverFurther(head);
            }
            if (general != null) {
                return general(general);
            }
            recovered();
            return isAll ? Pause.NONE : Pause.between(SHORTEST_LOOK, blocked.untilNext(LONGEST_LOOK));
        } catch (SQLException | RuntimeException failure) {
            return general(failure);
        }
    }

    /** Looks behind the head, which may have rows of topics that take few or none; returns a failure that concerns all keys. */
    private @Nullable Throwable deliverFurther(List<OutboxRow> head) throws SQLException, InterruptedException {
        nextFurther = after(LONGEST_LOOK);
        Throwable general = null;
        boolean isLast = false;
        for (int page = 0; page < MOST_PAGES && !isLast && general == null; page++) {
            Set<String> leftOut = leftOut();
            OutboxReader.Page read = reader.further(head, leftOut, isPossible(leftOut));
            general = deliver(read.rows());
            isLast = read.isLast();
        }
        return general;
    }

    /** Delivers and marks rows; returns a failure that concerns all keys. */
    private @Nullable Throwable deliver(List<OutboxRow> rows) throws SQLException, InterruptedException {
        if (rows.isEmpty() || !listener.beginBatch()) {
            return null;
        }
        try {
            return marker.mark(sink.deliver(rows));
        } finally {
            hold();
            listener.endBatch();
        }
    }

    /** Lets a drain wait for the keys whose events are with their handlers, or are not marked yet. */
    private void hold() {
        hold(sink.busyKeys().size() + marker.unmarkedKeys().size());
    }

    private void hold(int keys) {
        for (; heldBatches < keys; heldBatches++) {
            listener.holdBatch();
        }
        for (; heldBatches > keys; heldBatches--) {
            listener.endBatch();
        }
    }

    private Set<String> leftOut() {
        Set<String> keys = blocked.pausing();
        keys.addAll(sink.busyKeys());
        keys.addAll(marker.unmarkedKeys());
        return keys;
    }

    private Predicate<OutboxRow> isPossible(Set<String> leftOut) {
        Collection<String> failing = blocked.failingTopics();
        return row -> !leftOut.contains(row.key())
                && sink.hasRoom(row)
                && (!failing.contains(row.topic()) || blocked.contains(row.key()));
    }

    /** Forgets keys of which nothing waits any more, since another instance or an operator has dealt with their events. */
    private void retain(Set<String> leftOut, List<OutboxRow> rows) {
        Set<String> present = new HashSet<>(leftOut);
        rows.forEach(row -> present.add(row.key()));
        blocked.retain(present);
    }

    private Pause general(Throwable failure) {
        generalFailures++;
        problem = failure;
        if (Integer.bitCount(generalFailures) == 1) {
            LOG.atWarn()
                    .addKeyValue("outbox", outbox)
                    .addKeyValue("attempts", generalFailures)
                    .log("Events cannot be delivered and wait: {}", LocalSink.describe(failure));
        }
        // A drain has no time for long pauses.
        return Pause.whole(pauses.after(listener.isOpen() ? generalFailures : 1, time.random()));
    }

    private void recovered() {
        if (generalFailures > 0) {
            LOG.atInfo().addKeyValue("outbox", outbox).log("Events are delivered again");
        }
        generalFailures = 0;
        problem = null;
    }
}
