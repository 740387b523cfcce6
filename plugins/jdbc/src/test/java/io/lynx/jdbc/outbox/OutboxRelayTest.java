package io.lynx.jdbc.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.json.JsonCodec;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay on manual time, with a sink that refuses one event after the other. */
class OutboxRelayTest {
    private static final int MORE_THAN_ARE_LEFT_OUT = 550;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final ManualTime time = new ManualTime();
    private final OutboxTable table = new OutboxTable("lynx_outbox", JsonCodec.installed(), InstantSource.system());
    private final Transactions transactions = Transactions.of(source());
    private final AtomicBoolean isRefusing = new AtomicBoolean(true);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private final OutboxRelay relay = new OutboxRelay(
            "default",
            Binding.defaults(OutboxConfig.class),
            table,
            transactions,
            this::deliver,
            () -> true,
            new OutboxRelay.RelayTime(time, time, new Random(1)),
            (outcome, count) -> {
                if (outcome.equals("delivered")) {
                    int _ = delivered.addAndGet(count);
                }
            });

    private static JdbcDataSource source() {
        JdbcDataSource source = new JdbcDataSource();
        source.setUrl("jdbc:h2:mem:relay" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    private Map<Long, SinkOutcome> deliver(List<OutboxRow> rows) {
        Map<Long, SinkOutcome> outcomes = new HashMap<>();
        for (OutboxRow row : rows) {
            outcomes.put(
                    row.seq(),
                    isRefusing.get()
                            ? new SinkOutcome.Retry(new IllegalStateException("no subscriber"), true, false, false)
                            : new SinkOutcome.Delivered());
        }
        if (isRefusing.get()) {
            int _ = refused.addAndGet(rows.size());
        }
        return outcomes;
    }

    private void write(int from, int until) throws SQLException {
        Void _ = transactions.<@Nullable Void>in(connection -> {
            for (int i = from; i < until; i++) {
                table.write(
                        connection,
                        new BridgeMessage(
                                Map.of("id", "event-" + i, "type", "order.placed", "partitionkey", "key-" + i),
                                "{}".getBytes(UTF_8)));
            }
            return null;
        });
    }

    @BeforeEach
    void createTable() throws SQLException {
        table.setup().run(transactions);
    }

    @AfterEach
    void close() throws InterruptedException {
        relay.close();
        assertThat(relay.awaitEnd(Deadline.after(Duration.ofSeconds(30), Ticker.system())))
                .isTrue();
    }

    @Test
    void keysWhoseEventsAreGoneDoNotPauseTheRelay() throws Exception {
        write(0, MORE_THAN_ARE_LEFT_OUT);
        Thread _ = Thread.ofVirtual().start(relay);
        Await.until("each was refused", () -> refused.get() >= MORE_THAN_ARE_LEFT_OUT);

        // As another instance does, or an operator.
        Void _ = transactions.<@Nullable Void>in(connection -> {
            try (Statement statement = connection.createStatement()) {
                int _ = statement.executeUpdate("DELETE FROM lynx_outbox");
            }
            return null;
        });
        isRefusing.set(false);
        write(1000, 1001);
        Await.until("the pause is over", () -> {
            time.advance(Duration.ofSeconds(1));
            return delivered.get() == 1 && relay.problem() == null;
        });

        for (int number = 2; number <= 5; number++) {
            int wanted = number;
            write(1000 + number, 1001 + number);
            relay.wake();
            Await.until("it is delivered at once", () -> delivered.get() == wanted);
        }
        assertThat(relay.problem()).isNull();
    }
}
