package io.lynx.extension;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the events of one owner on to its consumers, in the order of registration, on the publishing thread. A consumer that
 * throws keeps none of the others from receiving the event; its failures are logged, at most one line a minute for each
 * consumer. Thread-safe; publish outside of locks.
 *
 * @param <E> the owner's sealed event type
 */
public final class Notifier<E> {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long LOG_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private final CopyOnWriteArrayList<Consumed<E>> consumers = new CopyOnWriteArrayList<>();

    /**
     * Creates a notifier without consumers.
     *
     * @param ticker the clock that limits the log lines
     */
    public Notifier(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Adds a consumer.
     *
     * @param name identifies it in the log
     * @return removes it
     */
    public Registration add(String name, Consumer<? super E> consumer) {
        Consumed<E> consumed = new Consumed<>(name, consumer, new AtomicLong(ticker.nanos() - LOG_INTERVAL_NANOS));
        consumers.add(consumed);
        return () -> consumers.remove(consumed);
    }

    /** Returns whether an event would reach nothing, so that it need not be built. */
    public boolean isEmpty() {
        return consumers.isEmpty();
    }

    /** Passes {@code event} on to every consumer. */
    public void publish(E event) {
        for (Consumed<E> consumed : consumers) {
            boolean _ = UserCode.run(() -> consumed.consumer().accept(event), failure -> log(consumed, failure));
        }
    }

    private void log(Consumed<E> consumed, Throwable failure) {
        long now = ticker.nanos();
        long last = consumed.loggedAt().get();
        if (now - last >= LOG_INTERVAL_NANOS && consumed.loggedAt().compareAndSet(last, now)) {
            LOG.atWarn()
                    .addKeyValue("consumer", consumed.name())
                    .setCause(UserCode.loggable(failure))
                    .log("Consumer of framework events failed; the other consumers received the event");
        }
    }

    private record Consumed<E>(String name, Consumer<? super E> consumer, AtomicLong loggedAt) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
