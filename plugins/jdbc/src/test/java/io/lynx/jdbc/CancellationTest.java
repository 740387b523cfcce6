package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.context.RequestScope;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller gets its answer, and its connection is not used again, whatever becomes of the cancellation of its statement. */
class CancellationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FaultyDatabase faulty;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void open() throws SQLException {
        faulty = new FaultyDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        faulty.close();
        callers.close();
    }

    private static int session(DataSource database) throws SQLException {
        return TestDatabase.count(database, "SELECT session_id()");
    }

    private Future<Throwable> call(DataSource database, String sql) {
        return callers.submit(() -> catchThrowable(() -> TestDatabase.execute(database, sql)));
    }

    @Test
    void aStatementThatEndsDoesNotWaitForACancellationThatHangs() throws Exception {
        CountDownLatch cancelling = new CountDownLatch(1);
        try (LynxTest lynx = faulty.start("pool_size=1", "query_timeout=2s")) {
            DataSource database = TestDatabase.of(lynx);
            int before = session(database);
            faulty.on("cancel", _ -> {
                cancelling.countDown();
                faulty.hang();
            });
            faulty.on("execute", connection -> {
                if (cancelling.getCount() > 0) {
                    waitFor(cancelling);
                }
            });

            Throwable failure = call(database, "SELECT 1").get(30, TimeUnit.SECONDS);

            assertThat(failure).isNull();
            assertThat(session(database)).isNotEqualTo(before);
            assertThat(faulty.aborted()).isEqualTo(1);
            faulty.close();
        }
    }

    @Test
    void aStatementThatDoesNotEndIsCutOffAlthoughItsCancellationHangs() throws Exception {
        try (LynxTest lynx = faulty.start("pool_size=1", "query_timeout=2s")) {
            DataSource database = TestDatabase.of(lynx);
            faulty.on("cancel", _ -> faulty.hang());
            faulty.on("execute", FaultyDatabase.Physical::hangUntilAborted);
            // A scrape must see the series before it counts, or increase() is 0 for what it counts first.
            assertThat(lynx.metrics().value("lynx_db_connections_aborted_total", "database", "orders"))
                    .isZero();

            Throwable failure = call(database, "SELECT 1").get(30, TimeUnit.SECONDS);

            assertThat(failure).isInstanceOf(SQLTimeoutException.class);
            faulty.heal("execute");
            TestDatabase.execute(database, "SELECT 1");
            assertThat(faulty.aborted()).isEqualTo(1);
            Await.until("it is counted", PATIENCE, () -> lynx.metrics().sum("lynx_db_connections_aborted_total") == 1);
            faulty.close();
        }
    }

    @Test
    void aCancellationThatWasSentLateDoesNotMeetTheNextStatement() throws Exception {
        CountDownLatch cancelling = new CountDownLatch(1);
        try (LynxTest lynx = faulty.start("pool_size=1", "query_timeout=2s")) {
            DataSource database = TestDatabase.of(lynx);
            int before = session(database);
            CountDownLatch never = new CountDownLatch(1);
            faulty.on("cancel", _ -> {
                cancelling.countDown();
                // As a driver that gives up at a limit of its own, and does not say so.
                boolean _ = waitFor(never, Execution.SENDING.plusMillis(300));
            });
            faulty.on("execute", _ -> {
                waitFor(cancelling);
                boolean _ = waitFor(never, Execution.SENDING.plusMillis(400));
            });

            Throwable _ = call(database, "SELECT 1").get(30, TimeUnit.SECONDS);

            faulty.heal("execute");
            assertThat(session(database)).isNotEqualTo(before);
        }
    }

    @Test
    void aDatabaseThatDoesNotAnswerOpensTheBreakerHoweverShortRequestsAre() throws Exception {
        try (LynxTest lynx = faulty.start()) {
            DataSource database = TestDatabase.of(lynx);
            TestDatabase.execute(database, "SELECT 1");
            Await.until("the pool is filled", PATIENCE, () -> faulty.open() == 11);
            faulty.on("execute", FaultyDatabase.Physical::hangUntilAborted);
            faulty.on("isValid", connection -> {
                if (connection.number() == 1) { // That of the health check.
                    connection.hangUntilAborted();
                }
            });
            List<Future<Throwable>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Deadline deadline = Deadline.after(Duration.ofSeconds(3), Ticker.system());
                calls.add(callers.submit(() -> RequestScope.of("r" + calls.size(), "GET /", deadline)
                        .call(() -> catchThrowable(() -> TestDatabase.execute(database, "SELECT 1")))));
            }

            for (Future<Throwable> call : calls) {
                assertThat(call.get(30, TimeUnit.SECONDS)).isInstanceOf(StatementCancelledException.class);
            }
            assertThat(lynx.application()
                            .breakers()
                            .find("jdbc.orders")
                            .orElseThrow()
                            .state())
                    .isEqualTo(CircuitBreakerState.OPEN);
        }
    }

    @Test
    void aRequestThatIsOverDoesNotWaitForAConnectionToBeOpened() throws Exception {
        try (LynxTest lynx = faulty.start("connect_timeout=5m")) {
            DataSource database = TestDatabase.of(lynx);
            faulty.on("isReadOnly", _ -> faulty.hang()); // The pool calls it when it has opened a connection.
            RequestScope request = RequestScope.of("r", "GET /", null);
            Future<Throwable> call = callers.submit(() -> request.call(() -> catchThrowable(() -> {
                try (Connection connection = database.getConnection()) {
                    assertThat(connection).isNull();
                }
            })));
            Await.until("the caller waits", PATIENCE, () -> faulty.open() >= 2);

            request.cancel();

            assertThat(call.get(30, TimeUnit.SECONDS)).isInstanceOf(StatementCancelledException.class);
            faulty.close();
        }
    }

    @Test
    void aRollbackThatHangsWhenTheConnectionIsReturnedIsLimited() throws Exception {
        try (LynxTest lynx = faulty.start("pool_size=1", "query_timeout=2s")) {
            DataSource database = TestDatabase.of(lynx);
            faulty.on("rollback", FaultyDatabase.Physical::hangUntilAborted);
            Future<Throwable> call = callers.submit(() -> catchThrowable(() -> {
                try (Connection connection = database.getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    boolean _ = statement.execute("SELECT 1");
                }
            }));

            assertThat(call.get(30, TimeUnit.SECONDS)).isInstanceOf(SQLException.class);
            faulty.heal("rollback");
            TestDatabase.execute(database, "SELECT 1");
        }
    }

    private static void waitFor(CountDownLatch latch) {
        boolean _ = waitFor(latch, PATIENCE);
    }

    private static boolean waitFor(CountDownLatch latch, Duration limit) {
        try {
            return latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
