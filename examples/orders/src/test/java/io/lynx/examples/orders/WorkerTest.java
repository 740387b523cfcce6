package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lynx.event.Event;
import io.lynx.event.Events;
import io.lynx.event.TopicFilter;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final NewOrder.Valid TWO_LAMPS = new NewOrder.Valid("ada", "lamp", 2, new BigDecimal("9.90"));

    @AutoClose
    private final MemoryDatabase database = new MemoryDatabase();

    private final ManualTime time = new ManualTime();
    private final FaultSwitch fault = new FaultSwitch(Pause.on(time));
    private final OrderRepository orders = database.orders();
    private final LinkedBlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();

    @AutoClose
    private final Events events = Events.builder()
            .ticker(time)
            .scheduler(time)
            .history("business", 1000, Duration.ofHours(1))
            .build();

    private final Worker worker = worker();

    private Worker worker() {
        Pause onTime = Pause.on(time);
        Pause noted = duration -> {
            pauses.add(duration);
            onTime.of(duration);
        };
        return new Worker(database.orders(fault), events, noted);
    }

    private Order placed() throws SQLException {
        return orders.place(TWO_LAMPS, Instant.EPOCH);
    }

    /** The handling of an order, on a thread of its own. */
    private FutureTask<Void> handling(Order order) {
        FutureTask<Void> handling = new FutureTask<>(() -> {
            worker.handle(order);
            return null;
        });
        Thread.startVirtualThread(handling);
        return handling;
    }

    private void pass(Duration pause) {
        Await.until("the worker pauses", () -> time.pending() > 0);
        time.advance(pause);
    }

    @Test
    void confirmsAnOrderAndPublishesIt() throws Exception {
        Order order = placed();

        worker.handle(order);

        assertThat(orders.find(order.id())).contains(order.confirmed());
        assertThat(worker.confirmed()).isEqualTo(1);
        assertThat(events.history(TopicFilter.bus("business")))
                .extracting(Event::type, Event::payload)
                .containsExactly(tuple("order.changed", order.confirmed()));
    }

    @Test
    void publishesOnceAnOrderThatItReceivesTwice() throws Exception {
        Order order = placed();

        worker.handle(order);
        worker.handle(order);
        worker.sweep();

        assertThat(worker.confirmed()).isEqualTo(1);
        assertThat(events.history(TopicFilter.bus("business"))).hasSize(1);
    }

    @Test
    void findsOrdersOfAnEarlierRun() throws Exception {
        for (int i = 0; i < 250; i++) {
            placed();
        }

        worker.sweep();

        assertThat(worker.confirmed()).isEqualTo(250);
        assertThat(orders.unconfirmed(0, 10)).isEmpty();
    }

    @Test
    void doesNotSweepOnceItIsDrained() throws Exception {
        placed();
        worker.drain();

        worker.sweepEvery(Duration.ofHours(1));

        assertThat(worker.confirmed()).isZero();
    }

    @Test
    void endsASweepWithoutTheDatabase() throws Exception {
        placed();
        fault.set(DatabaseFault.DOWN);

        worker.sweep();

        assertThat(worker.confirmed()).isZero();
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsForTheDatabaseWithGrowingPausesAndThenContinues() throws Exception {
        fault.set(DatabaseFault.DOWN);
        Order order = placed();
        FutureTask<Void> handling = handling(order);

        for (long expected : new long[] {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
            Duration pause = pauses.take();
            assertThat(pause).hasMillis(expected);
            pass(pause);
        }
        Duration last = pauses.take();
        fault.set(DatabaseFault.UP);
        pass(last);
        handling.get();

        assertThat(orders.find(order.id())).contains(order.confirmed());
    }

    @Test
    void endsInAPauseWhenInterrupted() throws Exception {
        fault.set(DatabaseFault.DOWN);
        Order order = placed();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                worker.handle(order);
            } catch (SQLException | InterruptedException e) {
                failure.complete(e);
            }
        });
        assertThat(pauses.take()).hasMillis(100);

        thread.interrupt();

        assertThat(failure.get()).isInstanceOf(InterruptedException.class);
        assertThat(orders.unconfirmed(0, 10)).containsExactly(order);
        assertThat(time.pending()).isZero();
    }

    @Test
    void failsOnAnOrderThatCanNeverBeConfirmed() throws Exception {
        Order order = placed();
        try (var connection = database.source().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE orders ADD CONSTRAINT never CHECK (status <> 'CONFIRMED')");
        }

        assertThatThrownBy(() -> worker.handle(order)).isInstanceOf(SQLException.class);

        assertThat(worker.confirmed()).isZero();
        assertThat(pauses).isEmpty();
    }
}
