package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.RecordingContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.math.BigDecimal;
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
        RecordingContext context = RecordingContext.onRealTime("test")
                .config(new DatabaseConfig(
                        direct.url(), "", "", 2, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(5)));
        database.start(context);
        context.resource(DatabasePlugin.FAULT).set(fault);
        new CachePlugin().start(context);
        worker.start(context);
        return context;
    }

    private static Deadline in(Duration duration) {
        return Deadline.after(duration, Ticker.system());
    }

    @Test
    void confirmsAllThatWaitsBeforeItHasStopped() throws Exception {
        try (RecordingContext context = started(DatabaseFault.UP)) {
            for (int i = 0; i < 100; i++) {
                context.resource(WorkerPlugin.QUEUE).placed(orders.place(LAMP, Instant.EPOCH));
            }

            worker.stop(in(Duration.ofSeconds(30)));

            assertThat(orders.unconfirmed(0, 10)).isEmpty();
        }
    }

    @Test
    void givesUpBeforeTheDeadlineWhileTheDatabaseIsDown() throws Exception {
        try (RecordingContext context = started(DatabaseFault.DOWN)) {
            Order order = orders.place(LAMP, Instant.EPOCH);
            context.resource(WorkerPlugin.QUEUE).placed(order);
            Deadline deadline = in(Duration.ofMillis(500));

            worker.stop(deadline);

            assertThat(deadline.isExpired()).isFalse();
            assertThat(orders.unconfirmed(0, 10)).containsExactly(order);
        }
    }
}
