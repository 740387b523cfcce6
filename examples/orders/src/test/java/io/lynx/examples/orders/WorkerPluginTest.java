package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.DropReason;
import io.lynx.event.PublishResult;
import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WorkerPluginTest {
    private static final NewOrder.Valid LAMP = new NewOrder.Valid("ada", "lamp", 1, new BigDecimal("9.90"));

    @AutoClose
    private final MemoryDatabase direct = new MemoryDatabase();

    private final OrderRepository orders = new OrderRepository(direct, Duration.ofSeconds(5));
    private final DatabasePlugin database = new DatabasePlugin();
    private final WorkerPlugin worker = new WorkerPlugin();

    private RecordingContext started(DatabaseFault fault) throws Exception {
        return startedWith(fault, new WorkerConfig(1000, Duration.ofHours(1)));
    }

    private RecordingContext startedWith(DatabaseFault fault, WorkerConfig config) throws Exception {
        RecordingContext context = RecordingContext.onRealTime("test")
                .config(config)
                .config(new DatabaseConfig(
                        direct.url(), "", "", 2, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(5)));
        database.start(context);
        context.resource(DatabasePlugin.FAULT).set(fault);
        worker.start(context);
        return context;
    }

    private Order place(RecordingContext context) throws SQLException {
        Order order = orders.place(LAMP, Instant.EPOCH);
        assertThat(context.events().publish(OrderEvents.PLACED, order).isAccepted())
                .isTrue();
        return order;
    }

    private static Deadline in(Duration duration) {
        return Deadline.after(duration, Ticker.system());
    }

    @Test
    void confirmsAllThatWaitsBeforeItHasStopped() throws Exception {
        try (RecordingContext context = started(DatabaseFault.UP)) {
            for (int i = 0; i < 100; i++) {
                place(context);
            }

            worker.stop(in(Duration.ofSeconds(30)));

            assertThat(orders.unconfirmed(0, 10)).isEmpty();
        }
    }

    @Test
    void leavesWhatFindsNoRoomToASweep() throws Exception {
        try (RecordingContext context = startedWith(DatabaseFault.UP, new WorkerConfig(1, Duration.ofMillis(100)))) {
            context.events().bus("business").pause();
            Order waiting = place(context);
            Order missed = orders.place(LAMP, Instant.EPOCH);

            PublishResult result = context.events().publish(OrderEvents.PLACED, missed);

            assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
            assertThat(worker.health().data()).containsEntry("overflowed", 1L);
            while (!orders.unconfirmed(0, 10).isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(orders.find(waiting.id())).contains(waiting.confirmed());
        }
    }

    @Test
    void makesAnOrderThatCanNeverBeConfirmedADeadLetter() throws Exception {
        try (RecordingContext context = started(DatabaseFault.UP);
                Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE orders ADD CONSTRAINT never CHECK (status <> 'CONFIRMED')");
            Order order = place(context);

            worker.stop(in(Duration.ofSeconds(30)));

            assertThat(context.events().deadLetters().list())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.event().payload()).isEqualTo(order));
        }
    }

    @Test
    void givesUpBeforeTheDeadlineWhileTheDatabaseIsDown() throws Exception {
        try (RecordingContext context = started(DatabaseFault.DOWN)) {
            Order order = place(context);
            Deadline deadline = in(Duration.ofMillis(500));

            worker.stop(deadline);

            assertThat(deadline.isExpired()).isFalse();
            assertThat(orders.unconfirmed(0, 10)).containsExactly(order);
        }
    }
}
