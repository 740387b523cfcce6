package io.lynx.jdbc.outbox;

import io.lynx.config.Masking;
import io.lynx.event.bridge.LocalDelivery;
import io.lynx.event.bridge.LocalDelivery.LocalOutcome;
import io.lynx.extension.UserCode;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.leadership.FencingToken;
import io.lynx.recovery.Classification;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Delivers events to the handlers of this process: those of a key one after the other, those of several keys at a time. Each topic has
 * places of its own, so that handlers that are slow or hang hold up no other topic. {@link #longest} is thread-safe.
 */
final class LocalSink implements OutboxSink {
    /** How long a call waits for what it has begun: the events of quick handlers are then marked together. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final LocalDelivery delivery;
    private final Settings settings;
    private final ConcurrentMap<String, Semaphore> places = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, KeyDelivery> busy = new ConcurrentHashMap<>();
    private final Queue<KeyDelivery> over = new ConcurrentLinkedQueue<>();

    /**
     * How it delivers. Immutable.
     *
     * @param concurrency how many keys of a topic are delivered at a time
     * @param term the term in which events may be delivered now; empty if they may not
     * @param onEnd runs when a delivery ends for which no call waits any more
     */
    record Settings(
            int concurrency,
            ThreadFactory threads,
            Scheduler scheduler,
            Ticker ticker,
            Supplier<Optional<FencingToken>> term,
            Runnable onEnd) {}

    /** A place among those of a topic; not thread-safe. */
    private final class Place {
        private String topic;

        Place(String topic) {
            this.topic = topic;
        }

        /** Takes one of another topic instead, if there is one; returns whether it is one of that topic. */
        boolean moveTo(String other) {
            boolean isThere = topic.equals(other);
            if (!isThere && places(other).tryAcquire()) {
                leave();
                topic = other;
                isThere = true;
            }
            return isThere;
        }

        void leave() {
            places(topic).release();
        }
    }

    LocalSink(LocalDelivery delivery, Settings settings) {
        this.delivery = delivery;
        this.settings = settings;
    }

    private Semaphore places(String topic) {
        return places.computeIfAbsent(topic, _ -> new Semaphore(settings.concurrency()));
    }

    @Override
    public boolean hasRoom(OutboxRow row) {
        return places(row.topic()).availablePermits() > 0;
    }

    @Override
    public Collection<Settled> deliver(List<OutboxRow> rows) throws InterruptedException {
        Optional<FencingToken> term = settings.term().get();
        LocalBatch batch = new LocalBatch(
                rows,
                settings.ticker(),
                () -> term.isPresent() && term.equals(settings.term().get()),
                key -> busy.put(key.key(), key));
        Deadline deadline = Deadline.after(PATIENCE, settings.ticker());
        try {
            batch.waiting().forEach((topic, keys) -> begin(batch, topic, keys));
            boolean _ = TimedWait.await(batch.done(), deadline, settings.scheduler());
        } finally {
            batch.close();
        }
        return ended();
    }

    /** Starts a thread for each place of a topic that is free, as far as keys wait. */
    private void begin(LocalBatch batch, String topic, int keys) {
        int started = 0;
        while (started < keys && places(topic).tryAcquire()) {
            started++;
            settings.threads().newThread(() -> run(batch, topic)).start();
        }
        if (started == 0) {
            boolean _ = batch.finished(keys);
        }
    }

    private void run(LocalBatch batch, String topic) {
        Place place = new Place(topic);
        try {
            while (batch.isWanted() && place.moveTo(topic)) {
                KeyDelivery key = batch.take(topic);
                if (key == null) {
                    return;
                }
                try {
                    run(key, batch, place);
                } finally {
                    boolean _ = over.add(key);
                    if (batch.finished(1)) {
                        settings.onEnd().run();
                    }
                }
            }
        } finally {
            place.leave();
        }
    }

    private void run(KeyDelivery key, LocalBatch batch, Place place) {
        key.run(this::deliver, next -> batch.isWanted() && place.moveTo(next.topic()), settings.ticker());
    }

    @Override
    public Collection<Settled> ended() {
        List<KeyDelivery> ended = new ArrayList<>();
        for (KeyDelivery key = over.poll(); key != null; key = over.poll()) {
            ended.add(key);
        }
        List<Settled> settled = new ArrayList<>();
        busy.values().forEach(key -> key.takeSettled(settled));
        ended.forEach(key -> busy.remove(key.key(), key));
        return settled;
    }

    @Override
    public Set<String> busyKeys() {
        return busy.keySet();
    }

    /** Returns the delivery that has been under way for longest. */
    Optional<KeyDelivery.Current> longest() {
        return busy.values().stream()
                .map(key -> key.current(settings.ticker()))
                .max(Comparator.comparing(KeyDelivery.Current::duration));
    }

    /** Delivers an event; returns nothing if the outbox stops meanwhile. */
    private Optional<SinkOutcome> deliver(OutboxRow row) {
        try {
            return outcome(delivery.deliver(row.message()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RuntimeException failure) {
            return Optional.of(new SinkOutcome.Retry(failure, true, false, true));
        }
    }

    private static Optional<SinkOutcome> outcome(LocalOutcome outcome) {
        return switch (outcome) {
            case LocalOutcome.Processed _ -> Optional.of(new SinkOutcome.Delivered());
            case LocalOutcome.Poison(String problem) -> Optional.of(new SinkOutcome.Dead(problem));
            case LocalOutcome.Unclaimed(String topic) ->
                Optional.of(new SinkOutcome.Retry(
                        new IllegalStateException("nothing in this process subscribes to " + topic
                                + "; subscribe to it, or let a bridge forward it"),
                        true,
                        false,
                        false));
            case LocalOutcome.Failed(List<String> _, Throwable failure) ->
                Optional.of(new SinkOutcome.Retry(failure, true, false, !Classification.isExternal(failure)));
            case LocalOutcome.Interrupted _ -> Optional.empty();
        };
    }

    /** Describes a failure without secrets. */
    static String describe(Throwable failure) {
        return Masking.mask(UserCode.describe(failure));
    }
}
