package io.lynx.jdbc.outbox;

import io.lynx.config.Masking;
import io.lynx.event.bridge.LocalDelivery;
import io.lynx.event.bridge.LocalDelivery.LocalOutcome;
import io.lynx.extension.UserCode;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.recovery.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/** Delivers events to the handlers of this process: those of a key one after the other, those of several keys at a time. Thread-safe. */
final class LocalSink implements OutboxSink {
    private final LocalDelivery delivery;
    private final ThreadFactory threads;
    private final Semaphore places;

    LocalSink(LocalDelivery delivery, ThreadFactory threads, int concurrency) {
        this.delivery = delivery;
        this.threads = threads;
        this.places = new Semaphore(concurrency);
    }

    @Override
    public Map<Long, SinkOutcome> deliver(List<OutboxRow> rows) throws InterruptedException {
        Map<String, List<OutboxRow>> byKey = new LinkedHashMap<>();
        rows.forEach(
                row -> byKey.computeIfAbsent(row.key(), _ -> new ArrayList<>()).add(row));
        Map<Long, SinkOutcome> outcomes = new ConcurrentHashMap<>();
        CountDownLatch running = new CountDownLatch(byKey.size());
        for (List<OutboxRow> ofKey : byKey.values()) {
            places.acquire();
            threads.newThread(() -> {
                        try {
                            deliver(ofKey, outcomes);
                        } finally {
                            places.release();
                            running.countDown();
                        }
                    })
                    .start();
        }
        running.await();
        return outcomes;
    }

    private void deliver(List<OutboxRow> ofKey, Map<Long, SinkOutcome> outcomes) {
        SinkOutcome.Retry blocked = null;
        for (OutboxRow row : ofKey) {
            SinkOutcome outcome = blocked == null
                    ? deliver(row)
                    : new SinkOutcome.Retry(blocked.cause(), false, false, blocked.isHandler());
            outcomes.put(row.seq(), outcome);
            if (outcome instanceof SinkOutcome.Retry retry) {
                blocked = retry;
            }
        }
    }

    private SinkOutcome deliver(OutboxRow row) {
        try {
            return switch (delivery.deliver(row.message())) {
                case LocalOutcome.Processed _ -> new SinkOutcome.Delivered();
                case LocalOutcome.Poison(String problem) -> new SinkOutcome.Dead(problem);
                case LocalOutcome.Unclaimed(String topic) ->
                    new SinkOutcome.Retry(
                            new IllegalStateException("nothing in this process subscribes to " + topic
                                    + "; subscribe to it, or let a bridge forward it"),
                            true,
                            false,
                            false);
                case LocalOutcome.Failed(List<String> _, Throwable failure) ->
                    new SinkOutcome.Retry(failure, true, false, !Classification.isExternal(failure));
                case LocalOutcome.Interrupted _ -> stopping();
            };
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return stopping();
        }
    }

    private static SinkOutcome stopping() {
        return new SinkOutcome.Retry(new IllegalStateException("the outbox is stopping"), true, true, false);
    }

    /** Describes a failure without secrets. */
    static String describe(Throwable failure) {
        return Masking.mask(UserCode.describe(failure));
    }
}
