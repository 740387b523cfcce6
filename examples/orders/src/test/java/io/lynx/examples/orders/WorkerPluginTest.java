package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.PublishResult;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.extension.Registration;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
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

    private final OrderRepository orders = direct.orders();
    private final WorkerPlugin worker = new WorkerPlugin();

    private LynxTest started(DatabaseFault fault) {
        return startedWith(fault, "1000", "1h");
    }

    private LynxTest startedWith(DatabaseFault fault, String queueCapacity, String sweepInterval) {
        FaultSwitch switched = new FaultSwitch(_ -> {});
        LynxTest lynx = LynxTest.of(new JdbcPlugin(OrderRepository.DATABASE), worker)
                .with("lynx.jdbc.orders.url", direct.url())
                .with("lynx.jdbc.orders.migrations.enabled", "false")
                .with("orders.worker.queue_capacity", queueCapacity)
                .with("orders.worker.sweep_interval", sweepInterval)
                .start();
        Registration _ = lynx.resource(JdbcPlugin.hooks(OrderRepository.DATABASE))
                .add(lynx.context(OrderRepository.PLUGIN), switched);
        switched.set(fault);
        return lynx;
    }

    private Order place(LynxTest lynx) throws SQLException {
        Order order = orders.place(LAMP, Instant.EPOCH);
        assertThat(lynx.application()
                        .events()
                        .publish(OrderEvents.PLACED, order)
                        .isAccepted())
                .isTrue();
        return order;
    }

    private static Deadline in(Duration duration) {
        return Deadline.after(duration, Ticker.system());
    }

    @Test
    void confirmsAllPendingOrdersBeforeItStops() throws Exception {
        try (LynxTest lynx = started(DatabaseFault.UP)) {
            for (int i = 0; i < 100; i++) {
                place(lynx);
            }

            worker.stop(in(Duration.ofSeconds(30)));

            assertThat(orders.unconfirmed(0, 10)).isEmpty();
        }
    }

    @Test
    void leavesOrdersThatDoNotFitIntoItsQueueToASweep() throws Exception {
        try (LynxTest lynx = startedWith(DatabaseFault.UP, "1", "100ms")) {
            lynx.application().events().pause("business");
            Order waiting = place(lynx);
            Order missed = orders.place(LAMP, Instant.EPOCH);

            PublishResult result = lynx.application().events().publish(OrderEvents.PLACED, missed);

            assertThat(result).isEqualTo(new PublishResult.Dropped(DropReason.NO_ROOM, 1));
            assertThat(worker.health().data()).containsEntry("overflowed", 1L);
            Await.until("a sweep confirms both", () -> orders.unconfirmed(0, 10).isEmpty());
            assertThat(orders.find(waiting.id())).contains(waiting.confirmed());
        }
    }

    @Test
    void makesAnOrderThatCanNeverBeConfirmedADeadLetter() throws Exception {
        try (LynxTest lynx = started(DatabaseFault.UP);
                Connection connection = direct.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE orders ADD CONSTRAINT never CHECK (status <> 'CONFIRMED')");
            Order order = place(lynx);

            worker.stop(in(Duration.ofSeconds(30)));

            assertThat(lynx.application().events().deadLetters().list())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.event().payload()).isEqualTo(order));
        }
    }

    @Test
    void givesUpInTimeWhileTheDatabaseIsDown() throws Exception {
        try (LynxTest lynx = started(DatabaseFault.DOWN)) {
            Order order = place(lynx);
            long began = System.nanoTime();

            worker.stop(in(Duration.ofMillis(500)));

            // Without a limit it would wait until the database works again.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(orders.unconfirmed(0, 10)).containsExactly(order);
        }
    }
}
