package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.time.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The keys of a batch, by the topic of their first event. Threads take them until the batch is closed. Thread-safe. */
final class LocalBatch {
    private final Map<String, Deque<KeyDelivery>> waiting = new LinkedHashMap<>();
    private final BooleanSupplier isWanted;
    private final Consumer<KeyDelivery> onTake;
    private final Lock lock = new ReentrantLock();
    private final CompletableFuture<Boolean> isDone = new CompletableFuture<>();
    private int unfinished;
    private boolean isClosed;

    /**
     * Creates a batch.
     *
     * @param isWanted whether events of the batch may still be delivered
     * @param onTake is called with each key that is taken, before {@link #close} can return
     */
    LocalBatch(List<OutboxRow> rows, Ticker ticker, BooleanSupplier isWanted, Consumer<KeyDelivery> onTake) {
        this.isWanted = isWanted;
        this.onTake = onTake;
        Map<String, KeyDelivery> byKey = new LinkedHashMap<>();
        for (OutboxRow row : rows) {
            KeyDelivery known = byKey.get(row.key());
            if (known == null) {
                KeyDelivery first = new KeyDelivery(row, ticker);
                byKey.put(row.key(), first);
                waiting.computeIfAbsent(row.topic(), _ -> new ArrayDeque<>()).add(first);
            } else {
                known.add(row);
            }
        }
        unfinished = byKey.size();
    }

    /** Returns how many keys of each topic are not taken. */
    Map<String, Integer> waiting() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        lock.lock();
        try {
            waiting.forEach((topic, keys) -> sizes.put(topic, keys.size()));
        } finally {
            lock.unlock();
        }
        return sizes;
    }

    /** Returns whether events of the batch may still be delivered, even if it is closed. */
    boolean isWanted() {
        return isWanted.getAsBoolean();
    }

    /** Takes a key; null if none waits or the batch is closed. */
    @Nullable
    KeyDelivery take(String topic) {
        lock.lock();
        try {
            Deque<KeyDelivery> ofTopic = waiting.get(topic);
            KeyDelivery taken = isClosed || ofTopic == null ? null : ofTopic.poll();
            if (taken != null) {
                onTake.accept(taken);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that some keys are over, or will not be taken; returns whether the batch was closed before. */
    boolean finished(int keys) {
        lock.lock();
        try {
            unfinished -= keys;
            if (unfinished == 0) {
                boolean _ = isDone.complete(true);
            }
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** Completes when every key is over. */
    CompletionStage<Boolean> done() {
        return isDone;
    }

    /** Ends the batch: no further key can be taken. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }
}
