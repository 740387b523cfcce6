package io.lynx.examples.orders;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.event.EventHandler;
import io.lynx.jdbc.SqlFailures;
import io.lynx.recovery.Classification;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confirms placed orders, and publishes their change. Thread-safe.
 *
 * <p>Events only make confirmation faster. An order whose event was dropped, or that was placed before this process
 * started, is found by a {@link #sweep} of the database. While the database cannot be reached, the same order is tried
 * again after a pause that doubles up to {@link #LONGEST_PAUSE}; an order that can never be confirmed becomes a dead
 * letter.
 */
final class Worker implements EventHandler<Order> {
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final EventHeaders HEADERS = EventHeaders.NONE.withSource(WorkerPlugin.ID);
    private static final int SWEEP = 100;

    private final OrderRepository orders;
    private final EventBuses events;
    private final Pause pause;
    private final AtomicLong confirmed = new AtomicLong();
    private final CountDownLatch drained = new CountDownLatch(1);

    Worker(OrderRepository orders, EventBuses events, Pause pause) {
        this.orders = orders;
        this.events = events;
        this.pause = pause;
    }

    /** Returns the number of orders that this worker has confirmed. */
    long confirmed() {
        return confirmed.get();
    }

    /** Ends the sweeps. A sweep in progress ends after its present order. */
    void drain() {
        drained.countDown();
    }

    /** Confirms an order; waits for the database without a limit. */
    @Override
    public void handle(Order order) throws SQLException, InterruptedException {
        Duration next = SHORTEST_PAUSE;
        while (true) {
            try {
                confirm(order);
                return;
            } catch (SQLException e) {
                if (!mayPass(e)) {
                    throw e;
                }
                if (next.equals(SHORTEST_PAUSE)) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("Confirmation pauses until the database works again");
                }
            }
            pause.of(next);
            next = next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? next.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Sweeps now and after each interval, until the worker is drained or the thread is interrupted. */
    void sweepEvery(Duration interval) {
        try {
            do {
                sweep();
            } while (!drained.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Confirms the unconfirmed orders of the database, unless it cannot be reached. */
    void sweep() {
        try {
            List<Order> found = orders.unconfirmed(0, SWEEP);
            while (!found.isEmpty()) {
                for (Order order : found) {
                    if (drained.getCount() == 0) {
                        return;
                    }
                    confirm(order);
                }
                found = orders.unconfirmed(found.getLast().id(), SWEEP);
            }
        } catch (SQLException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Unconfirmed orders cannot be read now");
        }
    }

    /** Returns whether the same call may succeed later. */
    private static boolean mayPass(SQLException e) {
        return Classification.isExternal(e) || SqlFailures.isOutage(e);
    }

    private void confirm(Order order) throws SQLException {
        if (orders.confirm(order.id())) {
            confirmed.incrementAndGet();
            LOG.atDebug().addKeyValue("order", order.id()).log("Order was confirmed");
            var _ = events.publish(OrderEvents.CHANGED, order.confirmed(), HEADERS);
        }
    }
}
