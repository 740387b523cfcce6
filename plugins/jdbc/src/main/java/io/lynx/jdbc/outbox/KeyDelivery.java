package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxSink.Settled;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;

/** The events of a key, delivered one after the other. One thread adds rows, and then one runs it; the other methods are thread-safe. */
final class KeyDelivery {
    private final List<OutboxRow> rows = new ArrayList<>();
    private final Queue<Settled> settled = new ConcurrentLinkedQueue<>();
    private volatile Begun current;

    /** An event of that topic has been with its handlers since then. Immutable. */
    private record Begun(String topic, long nanos) {}

    /** The topic of an event and how long it has been with its handlers. Immutable. */
    record Current(String topic, Duration duration) {}

    KeyDelivery(OutboxRow first, Ticker ticker) {
        rows.add(first);
        current = new Begun(first.topic(), ticker.nanos());
    }

    void add(OutboxRow row) {
        rows.add(row);
    }

    String key() {
        return rows.getFirst().key();
    }

    /** Returns the event that is delivered, or was last. */
    Current current(Ticker ticker) {
        Begun begun = current;
        return new Current(begun.topic(), Duration.ofNanos(ticker.nanos() - begun.nanos()));
    }

    /** Moves to a list what became of events since the last call. */
    void takeSettled(List<Settled> target) {
        for (Settled next = settled.poll(); next != null; next = settled.poll()) {
            target.add(next);
        }
    }

    /**
     * Delivers until one fails.
     *
     * @param delivery returns the outcome; empty if the outbox stops
     * @param mayGoOn whether an event after the first may be delivered
     */
    void run(Function<OutboxRow, Optional<SinkOutcome>> delivery, Predicate<OutboxRow> mayGoOn, Ticker ticker) {
        boolean goesOn = true;
        for (int i = 0; i < rows.size() && goesOn; i++) {
            OutboxRow row = rows.get(i);
            goesOn = i == 0 || mayGoOn.test(row);
            if (goesOn) {
                current = new Begun(row.topic(), ticker.nanos());
                Optional<SinkOutcome> outcome = delivery.apply(row);
                outcome.ifPresent(known -> settled.add(new Settled(row, known)));
                goesOn = outcome.isPresent() && !(outcome.get() instanceof SinkOutcome.Retry);
            }
        }
    }
}
