package io.lynx.extension;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the events of one owner on to its consumers, in the order of registration, on the publishing thread. A consumer that
 * throws keeps none of the others from receiving the event; its failures are logged, at most one line a minute for each
 * consumer. A consumer that does not return holds its publisher; the next event that another thread publishes after ten seconds
 * leads to a line that names the consumer and shows where it is. Thread-safe; publish outside of locks.
 *
 * @param <E> the owner's sealed event type
 */
public final class Notifier<E> {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long LOG_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int FRAMES = 12;

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
        Consumed<E> consumed = new Consumed<>(name, consumer, ticker.nanos() - LOG_INTERVAL_NANOS);
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
            long now = ticker.nanos();
            nameIfStuck(consumed, now);
            boolean isFirst = consumed.enter(now);
            try {
                boolean _ = UserCode.run(() -> consumed.consumer.accept(event), failure -> log(consumed, failure));
            } finally {
                if (isFirst) {
                    consumed.leave();
                }
            }
        }
    }

    private void log(Consumed<E> consumed, Throwable failure) {
        if (consumed.mayLog(ticker.nanos())) {
            LOG.atWarn()
                    .addKeyValue("consumer", consumed.name)
                    .setCause(UserCode.loggable(failure))
                    .log("Consumer of framework events failed; the other consumers received the event");
        }
    }

    private void nameIfStuck(Consumed<E> consumed, long now) {
        Thread inside = consumed.inside;
        if (inside != null
                && !inside.equals(Thread.currentThread())
                && now - consumed.enteredAt > PATIENCE_NANOS
                && consumed.mayLog(now)) {
            LOG.atWarn()
                    .addKeyValue("consumer", consumed.name)
                    .addKeyValue("thread", inside.getName())
                    .addKeyValue(
                            "stack",
                            Arrays.stream(inside.getStackTrace()).limit(FRAMES).toList())
                    .log("Consumer of framework events does not return; what published the event waits for it");
        }
    }

    private static final class Consumed<E> {
        private final String name;
        private final Consumer<? super E> consumer;
        private final AtomicLong loggedAt;
        private volatile long enteredAt;
        /** The thread that entered it while no other was inside; for reports, so a race between two does no harm. */
        private volatile @Nullable Thread inside;

        Consumed(String name, Consumer<? super E> consumer, long loggedAt) {
            this.name = name;
            this.consumer = consumer;
            this.loggedAt = new AtomicLong(loggedAt);
        }

        /** Returns whether the current thread is to call {@link #leave}. */
        boolean enter(long now) {
            if (inside != null) {
                return false;
            }
            enteredAt = now;
            inside = Thread.currentThread();
            return true;
        }

        void leave() {
            inside = null;
        }

        boolean mayLog(long now) {
            long last = loggedAt.get();
            return now - last >= LOG_INTERVAL_NANOS && loggedAt.compareAndSet(last, now);
        }
    }
}
