package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final NewOrder.Valid TWO_LAMPS = new NewOrder.Valid("ada", "lamp", 2, new BigDecimal("9.90"));

    @AutoClose
    private final MemoryDatabase database = new MemoryDatabase();

    private final ManualTime time = new ManualTime();
    private final FaultSwitch fault = new FaultSwitch(Pause.on(time));
    private final OrderRepository orders = new OrderRepository(database, Duration.ofSeconds(5));
    private final OrderCache cache = new OrderCache(10, Duration.ofMinutes(1), time);
    private final LinkedBlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final Worker worker = worker(10);
    private final Thread thread = Thread.ofVirtual().unstarted(worker);

    private Worker worker(int capacity) {
        Pause onTime = Pause.on(time);
        Pause noted = duration -> {
            pauses.add(duration);
            onTime.of(duration);
        };
        return new Worker(
                new OrderRepository(new FaultyDataSource(database, fault), Duration.ofSeconds(5)),
                cache,
                noted,
                new WorkerConfig(capacity, Duration.ofHours(1)));
    }

    private Order placed() throws SQLException {
        return orders.place(TWO_LAMPS, Instant.EPOCH);
    }

    /** Waits until the worker pauses, and lets that pause pass. */
    private Duration passOnePause() throws InterruptedException {
        Duration pause = pauses.take();
        pass(pause);
        return pause;
    }

    private void pass(Duration pause) {
        while (time.pending() == 0) {
            Thread.onSpinWait();
        }
        time.advance(pause);
    }

    @AfterEach
    void endThread() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Test
    void confirmsEverythingBeforeItEnds() throws Exception {
        Order first = placed();
        Order second = placed();
        worker.placed(first);
        worker.placed(second);
        worker.drain();

        worker.run();

        assertThat(orders.unconfirmed(0, 10)).isEmpty();
        assertThat(cache.get(first.id())).contains(first.confirmed());
        assertThat(worker.waiting()).isZero();
    }

    @Test
    void confirmsWhatComesWhileItWaits() throws Exception {
        thread.start();
        Order order = placed();

        worker.placed(order);
        worker.drain();
        thread.join();

        assertThat(orders.find(order.id())).contains(order.confirmed());
    }

    @Test
    void findsOrdersOfAnEarlierLife() throws Exception {
        for (int i = 0; i < 250; i++) {
            placed();
        }
        thread.start();

        while (worker.confirmed() < 250) {
            Thread.onSpinWait();
        }

        assertThat(orders.unconfirmed(0, 10)).isEmpty();
    }

    @Test
    void countsWhatTheQueueCannotHold() throws Exception {
        Worker small = worker(1);

        small.placed(placed());
        small.placed(placed());

        assertThat(small.waiting()).isEqualTo(1);
        assertThat(small.overflowed()).isEqualTo(1);
        assertThat(orders.unconfirmed(0, 10)).hasSize(2);
    }

    @Test
    void waitsLongerAndLongerForTheDatabaseAndThenGoesOn() throws Exception {
        fault.set(DatabaseFault.DOWN);
        Order order = placed();
        thread.start();
        worker.placed(order);

        for (long expected : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
            assertThat(passOnePause()).hasMillis(expected);
        }
        Duration last = pauses.take();
        fault.set(DatabaseFault.UP);
        pass(last);
        worker.drain();
        thread.join();

        assertThat(orders.find(order.id())).contains(order.confirmed());
    }

    @Test
    void endsInAPauseWhenInterrupted() throws Exception {
        fault.set(DatabaseFault.DOWN);
        Order order = placed();
        thread.start();
        worker.placed(order);
        assertThat(pauses.take()).hasMillis(100);

        thread.interrupt();
        thread.join();

        assertThat(orders.unconfirmed(0, 10)).containsExactly(order);
        assertThat(time.pending()).isZero();
    }

    @Test
    void skipsAnOrderThatCanNeverBeConfirmed() throws Exception {
        Order order = placed();
        worker.placed(order);
        worker.drain();
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE orders ADD CONSTRAINT never CHECK (status <> 'CONFIRMED')");
        }

        worker.run();

        assertThat(worker.confirmed()).isZero();
        assertThat(worker.waiting()).isZero();
        assertThat(pauses).isEmpty();
    }
}
