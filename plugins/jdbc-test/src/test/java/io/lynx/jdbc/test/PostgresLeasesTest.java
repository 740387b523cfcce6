package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.jdbc.FencedWrites;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.StaleTokenException;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.Transactions.Isolation;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases and protected writes of several instances on a real server. */
class PostgresLeasesTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int WRITERS = 8;

    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
    private Postgres postgres;
    private LynxTest lynx;
    private LeaseBackend leases;
    private FencedWrites writes;

    @BeforeEach
    void start() throws SQLException {
        postgres = Postgres.schemaFor(getClass());
        lynx = LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", postgres.url())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.jdbc.connect_timeout", "30s")
                .start();
        leases = lynx.resource(LeaseBackend.key("jdbc"));
        writes = lynx.resource(JdbcPlugin.fencedWrites());
        execute("CREATE TABLE item (token BIGINT)");
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        lynx.close();
        postgres.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    private List<Long> numbers(String query) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }

    private List<Long> items() throws SQLException {
        return numbers("SELECT token FROM item ORDER BY token");
    }

    private static int insert(Connection connection, FencingToken token) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO item VALUES (" + token.value() + ")");
        }
    }

    private FencingToken granted(String holder) throws Exception {
        LeaseAnswer answer = leases.acquire("report", holder, LEASE);
        assertThat(answer).isInstanceOf(LeaseAnswer.Granted.class);
        return token(((LeaseAnswer.Granted) answer).lease());
    }

    private static FencingToken token(Lease lease) {
        return new FencingToken(lease.leadership(), lease.token());
    }

    private <T> T elsewhere(Callable<T> work) throws SQLException {
        try {
            return others.submit(work).get(30, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new SQLException(failure);
        }
    }

    private long waiting() throws SQLException {
        return numbers("SELECT count(*) FROM pg_locks WHERE NOT granted").getFirst();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void staleLeaderWhoseTransactionBeganBeforeTheTakeoverIsRefused(Isolation isolation) throws Exception {
        FencingToken first = granted("a");
        Transactions transactions = lynx.resource(JdbcPlugin.transactions()).with(isolation);
        AtomicInteger attempts = new AtomicInteger();
        List<FencingToken> second = new ArrayList<>();

        assertThatThrownBy(() -> transactions.in(connection -> {
                    int _ = insert(connection, first);
                    if (attempts.incrementAndGet() == 1) {
                        second.add(elsewhere(() -> {
                            leases.release(new Lease("report", "a", first.value()));
                            FencingToken next = granted("b");
                            int _ = writes.in(next, own -> insert(own, next));
                            return next;
                        }));
                    }
                    writes.check(connection, first);
                    return 1;
                }))
                .isInstanceOf(StaleTokenException.class);
        assertThat(items()).containsExactly(second.getFirst().value());
    }

    @Test
    void nextLeaderBeginsAfterTheLastProtectedWrite() throws Exception {
        FencingToken first = granted("a");
        leases.release(new Lease("report", "a", first.value()));

        LeaseAnswer during = writes.in(first, connection -> {
            int _ = insert(connection, first);
            return elsewhere(() -> leases.acquire("report", "b", LEASE));
        });

        assertThat(during).isInstanceOf(LeaseAnswer.Occupied.class);
        assertThat(items()).containsExactly(first.value());
        assertThat(granted("b").value()).isGreaterThan(first.value());
    }

    @Test
    void leaderOfAnotherBackendWaitsForTheWriteOfItsPredecessor() throws Exception {
        FencingToken old = new FencingToken("elsewhere", 5);
        FencingToken next = new FencingToken("elsewhere", 7);
        List<Future<List<Long>>> seen = new ArrayList<>();

        int _ = writes.in(old, connection -> {
            seen.add(others.submit(() -> writes.in(next, own -> items())));
            Await.until("the next leader waits", () -> {
                try {
                    return waiting() > 0;
                } catch (SQLException failure) {
                    return false;
                }
            });
            return insert(connection, old);
        });

        assertThat(seen.getFirst().get(30, TimeUnit.SECONDS)).containsExactly(5L);
        assertThatThrownBy(() -> writes.in(old, connection -> insert(connection, old)))
                .isInstanceOf(StaleTokenException.class);
    }

    @Test
    void firstWritesOfATermInParallelDoNotHoldEachOtherUp() throws Exception {
        FencingToken before = new FencingToken("elsewhere", 5);
        assertThat(inParallel(before)).hasSize(WRITERS);
        FencingToken token = new FencingToken("elsewhere", 7);

        assertThat(inParallel(token)).hasSize(WRITERS);

        assertThat(lynx.metrics()
                        .find("lynx_db_transactions_total", "database", "default", "outcome", "conflict")
                        .orElse(0))
                .as("deadlocks")
                .isZero();
    }

    /** Writes in transactions that all are open at the same time. */
    private List<Integer> inParallel(FencingToken token) throws Exception {
        CountDownLatch open = new CountDownLatch(WRITERS);
        Transactions transactions = lynx.resource(JdbcPlugin.transactions());
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            results.add(others.submit(() -> transactions.in(connection -> {
                int inserted = insert(connection, token);
                open.countDown();
                await(open);
                writes.check(connection, token);
                return inserted;
            })));
        }
        List<Integer> written = new ArrayList<>();
        for (Future<Integer> result : results) {
            written.add(result.get(30, TimeUnit.SECONDS));
        }
        return written;
    }

    private static void await(CountDownLatch latch) throws SQLException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException(interrupted);
        }
    }

    @Test
    void tablesThatAnotherInstanceCreatesAtTheSameTimeAreUsed() throws Exception {
        Future<LeaseAnswer> answer;
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            boolean _ = statement.execute("CREATE TABLE lynx_leadership (name VARCHAR(100) NOT NULL PRIMARY KEY, holder"
                    + " VARCHAR(400) NOT NULL, token BIGINT NOT NULL, ends_at BIGINT NOT NULL, lease_ms BIGINT NOT"
                    + " NULL)");
            answer = others.submit(() -> leases.acquire("report", "a", LEASE));
            Await.until("it waits for the other", () -> {
                try {
                    return waiting() > 0;
                } catch (SQLException failure) {
                    return false;
                }
            });
            other.commit();
        }

        assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(LeaseAnswer.Granted.class);
    }

    /** Fails after a number of statements, as if its process was frozen there: the transaction stays open. */
    private static Connection frozenAfter(Connection connection, int statements) {
        AtomicInteger left = new AtomicInteger(statements);
        return (Connection) Proxy.newProxyInstance(
                PostgresLeasesTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && left.getAndDecrement() == 0) {
                        throw new SQLException("frozen");
                    }
                    return method.invoke(connection, arguments);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void clientThatIsFrozenAfterAnyStatementOfACheckDoesNotHoldUpTheNextLeader(int statements) throws Exception {
        Duration lease = Duration.ofSeconds(1);
        List<FencingToken> first = new ArrayList<>();
        Await.until("the first is the leader", () -> {
            LeaseAnswer answer = leases.acquire("report", "a", lease); // Each statement has a third of the lease.
            if (answer instanceof LeaseAnswer.Granted granted) {
                first.add(token(granted.lease()));
            }
            return !first.isEmpty();
        });
        try (Connection frozen = connect()) {
            frozen.setAutoCommit(false);
            try {
                writes.check(frozenAfter(frozen, statements), first.getFirst());
            } catch (SQLException expected) {
                assertThat(expected.getMessage()).isEqualTo("frozen");
            }

            Await.until(
                    "another is the leader", () -> leases.acquire("report", "b", lease) instanceof LeaseAnswer.Granted);
        }
    }

    @Test
    void tokensDoNotShrinkWhenTheRowsAreLost() throws Exception {
        FencingToken first = granted("a");
        execute("DELETE FROM lynx_leadership");
        execute("DELETE FROM lynx_fencing");

        assertThat(granted("b").value()).isGreaterThan(first.value());
    }
}
