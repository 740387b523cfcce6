package io.lynx.examples.orders;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confirms placed orders, one after the other, on the thread that calls {@link #run}.
 *
 * <p>The queue is a short cut; the database is the truth. An order that finds no room in the queue, or was placed before
 * this process began, is found by a sweep: at the start, and whenever the queue was empty for the sweep interval. While
 * the database cannot be reached, the same order is tried again after a pause that doubles up to {@link #LONGEST_PAUSE}.
 */
final class Worker implements OrderQueue, Runnable {
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int SWEEP = 100;

    private final OrderRepository orders;
    private final OrderCache cache;
    private final Pause pause;
    private final Duration sweepInterval;
    private final BlockingQueue<Task> queue;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong overflowed = new AtomicLong();
    private volatile boolean draining;

    /** What the queue holds: an order, or the word that no more will come. */
    private sealed interface Task {
        record Confirm(Order order) implements Task {}

        record WakeUp() implements Task {}
    }

    Worker(OrderRepository orders, OrderCache cache, Pause pause, WorkerConfig config) {
        this.orders = orders;
        this.cache = cache;
        this.pause = pause;
        this.sweepInterval = config.sweepInterval();
        this.queue = new ArrayBlockingQueue<>(config.queueCapacity());
    }

    @Override
    public void placed(Order order) {
        waiting.incrementAndGet();
        if (!queue.offer(new Task.Confirm(order))) {
            waiting.decrementAndGet();
            overflowed.incrementAndGet();
        }
    }

    /** Lets {@link #run} return once the queue is empty. */
    void drain() {
        draining = true;
        // A full queue needs no wake-up: the worker is not waiting for it.
        boolean _ = queue.offer(new Task.WakeUp());
    }

    /** How many orders of the queue are not done with, the one in hand included. */
    int waiting() {
        return waiting.get();
    }

    /** How many orders this worker has confirmed. */
    long confirmed() {
        return confirmed.get();
    }

    /** How many orders found the queue full. */
    long overflowed() {
        return overflowed.get();
    }

    /** Works until the queue is drained, or the thread is interrupted. */
    @Override
    public void run() {
        try {
            sweep();
            while (!draining || !queue.isEmpty()) {
                Task task = queue.poll(sweepInterval.toNanos(), TimeUnit.NANOSECONDS);
                switch (task) {
                    case Task.Confirm(Order order) -> {
                        confirm(order);
                        waiting.decrementAndGet();
                    }
                    case Task.WakeUp() -> {}
                    case null -> sweep();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() throws InterruptedException {
        try {
            List<Order> found = orders.unconfirmed(0, SWEEP);
            while (!found.isEmpty() && !draining) {
                for (Order order : found) {
                    confirm(order);
                }
                found = orders.unconfirmed(found.getLast().id(), SWEEP);
            }
        } catch (SQLException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("orders cannot be searched now");
        }
    }

    private void confirm(Order order) throws InterruptedException {
        Duration next = SHORTEST_PAUSE;
        while (true) {
            try {
                if (orders.confirm(order.id())) {
                    confirmed.incrementAndGet();
                }
                cache.put(order.confirmed());
                return;
            } catch (SQLException e) {
                if (!DatabaseErrors.isUnavailable(e)) {
                    LOG.atError().setCause(e).addKeyValue("order", order.id()).log("order cannot be confirmed");
                    return;
                }
                if (next.equals(SHORTEST_PAUSE)) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("confirming pauses until the database is back");
                }
            }
            pause.of(next);
            next = next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? next.multipliedBy(2) : LONGEST_PAUSE;
        }
    }
}
