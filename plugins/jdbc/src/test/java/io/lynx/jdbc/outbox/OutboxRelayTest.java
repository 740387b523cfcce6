package io.lynx.jdbc.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxSink.Settled;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.json.JsonCodec;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay on manual time, with a sink that refuses one event after the other. */
class OutboxRelayTest {
    private static final int A_BATCH = 500;
    private static final int MORE_THAN_A_BATCH = 550;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final ManualTime time = new ManualTime();
    private final OutboxTable table = new OutboxTable("lynx_outbox", JsonCodec.installed(), InstantSource.system());
    private final CountDownLatch isHeldUp = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger passing = new AtomicInteger();
    /** The thread that waits for {@code release} before one of its transactions. */
    private volatile @Nullable Thread relaying;

    private final Transactions transactions = Transactions.of(source());
    private final AtomicBoolean isRefusing = new AtomicBoolean(true);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger handed = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger deadLetters = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private final AtomicBoolean isHandler = new AtomicBoolean();
    /** The number of transactions of the relay before one fails. */
    private final AtomicInteger untilFailure = new AtomicInteger(-1);

    private final OutboxListener listener = new OutboxListener("outbox");
    private final OutboxRelay relay = new OutboxRelay(
            "default",
            Binding.defaults(OutboxConfig.class),
            table,
            transactions,
            this::deliver,
            listener,
            () -> true,
            new OutboxRelay.RelayTime(time, time, new Random(1)),
            new WakeSignal(),
            (outcome, count) -> {
                if (outcome.equals("delivered")) {
                    int _ = delivered.addAndGet(count);
                } else if (outcome.equals("dead_letter")) {
                    int _ = deadLetters.addAndGet(count);
                } else {
                    int _ = retried.addAndGet(count);
                }
            });

    private DataSource source() {
        JdbcDataSource source = new JdbcDataSource();
        source.setUrl("jdbc:h2:mem:relay" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, args) -> {
                    boolean isRelaying = Thread.currentThread().equals(relaying);
                    if (isRelaying && passing.getAndDecrement() == 0) {
                        isHeldUp.countDown();
                        boolean _ = release.await(30, TimeUnit.SECONDS);
                    }
                    if (isRelaying && untilFailure.getAndDecrement() == 0) {
                        throw new SQLException("the database is down", "08006");
                    }
                    return method.invoke(source, args);
                });
    }

    private Collection<Settled> deliver(List<OutboxRow> rows) {
        int _ = handed.addAndGet(rows.size());
        SinkOutcome outcome = isRefusing.get()
                ? new SinkOutcome.Retry(new IllegalStateException("no subscriber"), true, false, isHandler.get())
                : new SinkOutcome.Delivered();
        if (isRefusing.get()) {
            int _ = refused.addAndGet(rows.size());
        }
        return rows.stream().map(row -> new Settled(row, outcome)).toList();
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
        listener.open();
    }

    @AfterEach
    void close() throws InterruptedException {
        relay.close();
        assertThat(relay.awaitEnd(Deadline.after(Duration.ofSeconds(30), Ticker.system())))
                .isTrue();
    }

    @Test
    void keysWhoseEventsAreGoneDoNotPauseTheRelay() throws Exception {
        write(0, MORE_THAN_A_BATCH);
        Thread _ = Thread.ofVirtual().start(relay);
        Await.until("no more are tried", () -> refused.get() >= A_BATCH);

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

    /** Starts the relay, and a drain when the relay has made {@code transactions} and is held up before the next. */
    private CompletableFuture<Boolean> drainAfter(int transactions) throws Exception {
        isRefusing.set(false);
        write(0, 1);
        Thread thread = Thread.ofVirtual().unstarted(relay);
        passing.set(transactions);
        relaying = thread;
        thread.start();
        assertThat(isHeldUp.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread draining = Thread.ofVirtual().start(() -> {
            try {
                listener.drain(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
                boolean _ = drained.complete(true);
            } catch (InterruptedException interrupted) {
                boolean _ = drained.completeExceptionally(interrupted);
            }
        });
        Await.until(
                "the drain waits or has ended",
                () -> drained.isDone() || draining.getState() == Thread.State.TIMED_WAITING);
        return drained;
    }

    @Test
    void aDrainWaitsUntilWhatWasDeliveredIsMarked() throws Exception {
        CompletableFuture<Boolean> drained = drainAfter(1);
        assertThat(drained).isNotDone();

        release.countDown();

        assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).hasValue(1);
    }

    @Test
    void whatIsReadWhenADrainBeginsIsNotDelivered() throws Exception {
        CompletableFuture<Boolean> drained = drainAfter(0);
        assertThat(drained).isDone();

        release.countDown();
        close();

        assertThat(handed).hasValue(0);
        assertThat(delivered).hasValue(0);
    }

    private void startHeldUpAfter(int transactions) throws Exception {
        Thread thread = Thread.ofVirtual().unstarted(relay);
        passing.set(transactions);
        relaying = thread;
        thread.start();
        assertThat(isHeldUp.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPauseThatEndsWhileRowsAreReadDoesNotResetTheAttempts() throws Exception {
        isHandler.set(true);
        write(0, 1);
        // The first reads the row, and the second finds it left out.
        startHeldUpAfter(1);
        time.advance(Duration.ofSeconds(1));
        release.countDown();

        OutboxConfig config = Binding.defaults(OutboxConfig.class);
        for (int attempt = 2; attempt < config.attempts(); attempt++) {
            int wanted = attempt;
            // The pause of the attempt before has begun.
            time.advance(config.longestPause().plusMinutes(10));
            Await.until("attempt " + attempt, () -> {
                relay.wake();
                return retried.get() == wanted;
            });
        }
        time.advance(config.longestPause());
        Await.until("it is a dead letter", () -> {
            relay.wake();
            return deadLetters.get() == 1;
        });
        assertThat(refused).hasValue(config.attempts());
    }

    @Test
    void whatCouldNotBeMarkedIsNotDeliveredAgain() throws Exception {
        isRefusing.set(false);
        write(0, 3);
        passing.set(-1);
        untilFailure.set(1);
        Thread thread = Thread.ofVirtual().unstarted(relay);
        relaying = thread;
        thread.start();
        Await.until("the mark failed", () -> relay.problem() != null);
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
            try {
                return listener.inFlight().awaitNone(Deadline.after(Duration.ofMinutes(1), Ticker.system()));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        assertThat(drained).isNotDone();

        Await.until("they are marked", () -> {
            time.advance(Duration.ofMillis(50));
            return delivered.get() == 3;
        });

        assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(handed).hasValue(3);
    }
}
