package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.context.RequestScope;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.jdbc.FencedWrites;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.StaleTokenException;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin for databases does in front of MariaDB. */
class MariaDbTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POOL = 3;
    private static final Topic<String> PLACED =
            Topic.of("business", "order.placed", String.class).durable();

    private static LoopbackCertificate certificate;
    private static MariaDbServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        certificate = LoopbackCertificate.make(folder);
        server = MariaDbServer.started(certificate);
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        server.close();
    }

    private static LynxTest.Builder application(Plugin... plugins) {
        return LynxTest.of(plugins)
                .with("lynx.jdbc.url", server.url())
                .with("lynx.jdbc.user", MariaDbServer.USER)
                .with("lynx.jdbc.password", MariaDbServer.PASSWORD)
                .with("lynx.jdbc.pool_size", Integer.toString(POOL))
                .with("lynx.jdbc.migrations.enabled", "false")
                .with("lynx.health_check.interval", "500ms");
    }

    private static LynxTest.Builder application() {
        return application(new JdbcPlugin());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }

    private static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (String sql : statements) {
                execute(connection, sql);
            }
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            boolean _ = row.next();
            return row.getString(1);
        }
    }

    private static int sleeping() throws SQLException {
        return server.count("SELECT count(*) FROM information_schema.processlist WHERE user = '" + MariaDbServer.USER
                + "' AND info LIKE 'SELECT sleep%'");
    }

    @Test
    void statementsOfRequestsThatAreOverEndAtTheServer() throws Exception {
        AtomicInteger most = new AtomicInteger();
        try (LynxTest lynx = application().with("lynx.jdbc.max_wait", "60s").start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            List<RequestScope> requests = new ArrayList<>();
            List<Future<Throwable>> calls = new ArrayList<>();
            for (int i = 0; i < 4 * POOL; i++) {
                RequestScope request = RequestScope.of("r" + i, "GET /slow", null);
                requests.add(request);
                calls.add(clients.submit(
                        () -> request.call(() -> catchThrowable(() -> execute(database, "SELECT sleep(120)")))));
            }
            Await.until("the pool is in use", PATIENCE, () -> most.accumulateAndGet(sleeping(), Math::max) == POOL);

            requests.forEach(RequestScope::cancel);

            for (Future<Throwable> call : calls) {
                assertThat(call.get(60, TimeUnit.SECONDS)).isInstanceOf(SQLException.class);
            }
            Await.until(
                    "the server is idle",
                    PATIENCE,
                    () -> most.accumulateAndGet(sleeping(), Math::max) == POOL && sleeping() == 0);
            Throwable late = catchThrowable(
                    () -> RequestScope.of("r", "GET /late", Deadline.after(Duration.ofMillis(300), Ticker.system()))
                            .call(() -> {
                                execute(database, "SELECT sleep(120)");
                                return true;
                            }));
            assertThat(late).isInstanceOf(SQLException.class);
            Await.until("the server is idle", PATIENCE, () -> sleeping() == 0);
            execute(database, "SELECT 1");
        }
    }

    /** Its module for MariaDB is not on the class path of these tests. */
    @Test
    void migrationsNameTheModuleOfFlywayThatIsMissing() {
        try (LynxTest lynx =
                application().with("lynx.jdbc.migrations.enabled", "true").build()) {
            assertThatThrownBy(lynx::start).hasMessageContaining("org.flywaydb:flyway-mysql");
        }
    }

    @Test
    void aDeadlockIsRepeated() throws Exception {
        try (LynxTest lynx = application().start();
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            execute(
                    lynx.resource(JdbcPlugin.key()),
                    "CREATE TABLE stock (id INT PRIMARY KEY, units INT)",
                    "INSERT INTO stock VALUES (1, 0), (2, 0)");
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());
            CyclicBarrier both = new CyclicBarrier(2);
            List<Future<Integer>> work = new ArrayList<>();
            for (int first = 1; first <= 2; first++) {
                int one = first;
                AtomicInteger attempts = new AtomicInteger();
                work.add(writers.submit(() -> transactions.in(connection -> {
                    execute(connection, "UPDATE stock SET units = units + 1 WHERE id = " + one);
                    if (attempts.incrementAndGet() == 1) {
                        meet(both);
                    }
                    execute(connection, "UPDATE stock SET units = units + 1 WHERE id = " + (3 - one));
                    return attempts.get();
                })));
            }
            int attempts = 0;
            for (Future<Integer> each : work) {
                attempts += each.get(60, TimeUnit.SECONDS);
            }

            assertThat(attempts).isGreaterThan(2);
            assertThat(server.count("SELECT sum(units) FROM test.stock")).isEqualTo(4);
            assertThat(lynx.metrics().value("lynx_db_transactions_total", "database", "default", "outcome", "conflict"))
                    .isPositive();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            int _ = barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aDatabaseThatIsReadOnlyRefusesWrites() throws SQLException {
        server.execute("CREATE TABLE test.item (id INT PRIMARY KEY)");
        try (LynxTest lynx = application().with("lynx.jdbc.read_only", "true").start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());

            assertThatThrownBy(() -> execute(database, "INSERT INTO item VALUES (1)"))
                    .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                            .isEqualTo("25006"));
            assertThatThrownBy(() -> transactions.in(connection -> {
                        execute(connection, "INSERT INTO item VALUES (1)");
                        return 1;
                    }))
                    .isInstanceOf(SQLException.class);
            execute(database, "SELECT id FROM item");
        }
    }

    @Test
    void connectionsUseTls() throws SQLException {
        try (LynxTest lynx = application()
                        .with("lynx.jdbc.tls.enabled", "true")
                        .with("lynx.jdbc.tls.ca", certificate.certificate().toString())
                        .start();
                Connection connection = lynx.resource(JdbcPlugin.key()).getConnection();
                Statement statement = connection.createStatement();
                ResultSet status = statement.executeQuery("SHOW STATUS LIKE 'Ssl_cipher'")) {
            assertThat(status.next()).isTrue();
            assertThat(status.getString(2)).isNotEmpty();
        }
        try (LynxTest unknown = application()
                .with("lynx.jdbc.tls.enabled", "true")
                .with("lynx.startup.plugin_timeout", "4s")
                .build()) {
            assertThatThrownBy(unknown::start).hasMessageContaining(server.url());
        }
    }

    /** In the long form, since the server must start again. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void recoversFromARestart() throws Exception {
        try (LynxTest lynx =
                application().with("lynx.jdbc.connect_timeout", "1s").start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            execute(database, "SELECT 1");

            server.kill();
            assertThatThrownBy(() -> execute(database, "SELECT 1")).isInstanceOf(SQLException.class);
            server.start();

            Await.asserted("statements succeed again", PATIENCE, () -> execute(database, "SELECT 1"));
        }
    }

    @Test
    void keepsLeasesAndRefusesStaleTokens() throws Exception {
        Duration lease = Duration.ofMinutes(1);
        try (LynxTest lynx = application().start()) {
            LeaseBackend leases = lynx.resource(LeaseBackend.key("jdbc"));
            FencedWrites writes = lynx.resource(JdbcPlugin.fencedWrites());
            Lease first = ((LeaseAnswer.Granted) leases.acquire("report", "a", lease)).lease();
            assertThat(leases.acquire("report", "b", lease)).isInstanceOf(LeaseAnswer.Occupied.class);
            assertThat(leases.renew(first, lease)).isTrue();
            FencingToken old = new FencingToken("report", first.token());
            String written = writes.in(old, connection -> text(connection, "SELECT 'written'"));
            leases.release(first);
            Lease second = ((LeaseAnswer.Granted) leases.acquire("report", "b", lease)).lease();

            assertThat(written).isEqualTo("written");
            assertThat(second.token()).isGreaterThan(first.token());
            assertThatThrownBy(() -> writes.in(old, connection -> text(connection, "SELECT 1")))
                    .isInstanceOf(StaleTokenException.class);
        }
    }

    private record Receiver(List<String> received) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("receiver").requires("outbox").build();
        }

        @Override
        public void start(PluginContext context) {
            context.events().subscribe(TopicFilter.topic(PLACED), event -> received.add(event.payload()));
        }
    }

    private static boolean publish(LynxTest lynx, String order) {
        return lynx.application().events().publish(PLACED, order).isAccepted();
    }

    @Test
    void anOutboxDeliversWhatWasCommitted() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        try (LynxTest lynx = application(new JdbcPlugin(), new OutboxPlugin(), new Receiver(received))
                .with("lynx.outbox.poll_interval", "20ms")
                .start()) {
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());
            assertThatThrownBy(() -> transactions.in(_ -> {
                        boolean _ = publish(lynx, "rolled back");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            for (String order : List.of("first", "second")) {
                boolean isAccepted = transactions.in(_ -> publish(lynx, order));
                assertThat(isAccepted).isTrue();
            }

            Await.until("both are received", PATIENCE, () -> received.size() == 2);
            assertThat(received).containsExactlyInAnyOrder("first", "second");
            Await.until(
                    "the outbox is empty", PATIENCE, () -> server.count("SELECT count(*) FROM test.lynx_outbox") == 0);
        }
    }

    /** The collations of MariaDB take keys for the same that differ in case, accents or spaces at the end. */
    @Test
    void anEventThatHangsHoldsUpNoKeyThatIsNearlyTheSame() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        try (LynxTest lynx = application(new JdbcPlugin(), new OutboxPlugin(), new Plugin() {
                    @Override
                    public PluginDescriptor descriptor() {
                        return PluginDescriptor.of("receiver").build();
                    }

                    @Override
                    public void start(PluginContext context) {
                        context.events()
                                .subscribe(
                                        PLACED,
                                        order -> {
                                            if (order.equals("key")) {
                                                release.await();
                                            }
                                            received.add(order);
                                        },
                                        o -> o.concurrency(2));
                    }
                })
                .start()) {
            Transactions transactions = lynx.resource(JdbcPlugin.transactions());
            List<String> others = List.of("KEY", "k\u00e9y", "key ", "other");
            for (String order : Stream.concat(Stream.of("key"), others.stream()).toList()) {
                boolean isAccepted = transactions.in(_ -> lynx.application()
                        .events()
                        .publish(PLACED, order, EventHeaders.NONE.withKey(order))
                        .isAccepted());
                assertThat(isAccepted).isTrue();
            }

            Await.until("only one waits", PATIENCE, () -> server.count("SELECT count(*) FROM test.lynx_outbox") == 1);
            assertThat(received).containsExactlyInAnyOrderElementsOf(others);
            release.countDown();
            Await.until("none waits", PATIENCE, () -> server.count("SELECT count(*) FROM test.lynx_outbox") == 0);
        }
    }
}
