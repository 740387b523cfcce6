package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.context.RequestScope;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.PoolExhaustedException;
import io.lynx.jdbc.StatementCancelledException;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Statements that no client waits for any more end at the server, and connections survive that. */
class AbandonedStatementsTest {
    private static final int POOL = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static LynxTest start(Postgres postgres, String... settings) {
        LynxTest.Builder builder = LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", postgres.url() + "&ApplicationName=" + postgres.schema())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.jdbc.pool_size", Integer.toString(POOL));
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.with(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.start();
    }

    private static void sleep(DataSource database, int seconds) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("SELECT pg_sleep(" + seconds + ")");
        }
    }

    private static int atServer(Postgres postgres) throws SQLException {
        return Postgres.server()
                .count("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = '"
                        + postgres.schema() + "' AND query LIKE '%pg_sleep%'");
    }

    @Test
    void cancelledRequestsFreeTheServer() throws Exception {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = start(postgres, "lynx.jdbc.max_wait=60s");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            List<Future<Throwable>> calls = new ArrayList<>();
            List<RequestScope> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RequestScope request = RequestScope.of("r" + i, "GET /slow", null);
                requests.add(request);
                calls.add(clients.submit(() -> request.call(() -> catchThrowable(() -> sleep(database, 120)))));
            }
            Await.until("the pool is in use", PATIENCE, () -> atServer(postgres) == POOL);

            requests.forEach(RequestScope::cancel);

            for (Future<Throwable> call : calls) {
                assertThat(call.get(60, TimeUnit.SECONDS)).isInstanceOf(StatementCancelledException.class);
            }
            Await.until("the server is idle", PATIENCE, () -> atServer(postgres) == 0);
            assertThat(lynx.metrics().sum("lynx_db_connections_aborted_total")).isZero();
            assertThat(lynx.metrics()
                            .value("lynx_db_statements_cancelled_total", "database", "default", "reason", "request"))
                    .isEqualTo(POOL);
            sleep(database, 0);
        }
    }

    @Test
    void aStatementEndsAtTheTimeLimit() {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = start(postgres, "lynx.jdbc.query_timeout=300ms")) {
            DataSource database = lynx.resource(JdbcPlugin.key());

            Throwable failure = catchThrowable(() -> sleep(database, 120));

            assertThat(failure)
                    .isInstanceOf(SQLTimeoutException.class)
                    .hasMessage("statement 'SELECT' exceeded 300ms (lynx.jdbc.query_timeout)");
        }
    }

    @Test
    void aServerThatIgnoresTheCancellationLosesTheConnection() throws Exception {
        try (PostgresServer server = PostgresServer.create()) {
            server.start();
            try (LynxTest lynx = LynxTest.of(new JdbcPlugin())
                            .with("lynx.jdbc.url", server.url())
                            .with("lynx.jdbc.user", PostgresServer.USER)
                            .with("lynx.jdbc.password", PostgresServer.PASSWORD)
                            // The statement must be seen at work within it.
                            .with("lynx.jdbc.query_timeout", "4s")
                            .start();
                    ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                DataSource database = lynx.resource(JdbcPlugin.key());
                Future<Throwable> call = clients.submit(() -> catchThrowable(() -> sleep(database, 120)));
                Await.until(
                        "the server works",
                        PATIENCE,
                        () -> server.count("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
                                == 1);

                server.freeze();

                assertThat(call.get(60, TimeUnit.SECONDS)).isInstanceOf(SQLTimeoutException.class);
                server.thaw();
                Await.asserted("the database can be used", PATIENCE, () -> sleep(database, 0));
            }
        }
    }

    @Test
    void anExhaustedPoolNamesTheHolders() throws Exception {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = start(postgres, "lynx.jdbc.max_wait=2s");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            RequestScope request = RequestScope.of("r", "GET /reports/{year}", null);
            List<Future<Throwable>> calls = new ArrayList<>();
            for (int i = 0; i < POOL; i++) {
                calls.add(clients.submit(() -> request.call(() -> catchThrowable(() -> sleep(database, 120)))));
            }
            Await.until("the pool is in use", PATIENCE, () -> atServer(postgres) == POOL);

            Throwable failure = catchThrowable(() -> sleep(database, 0));

            assertThat(failure)
                    .isInstanceOf(PoolExhaustedException.class)
                    .hasMessageContaining("all 3 connections are in use")
                    .hasMessageContaining("held by GET /reports/{year} (")
                    .hasMessageContaining("lynx.jdbc.pool_size");
            request.cancel();
            for (Future<Throwable> call : calls) {
                assertThat(call.get(60, TimeUnit.SECONDS)).isNotNull();
            }
        }
    }

    @Test
    void aStatementOfARequestThatIsOverIsNotSent() {
        try (Postgres postgres = Postgres.schemaFor(getClass());
                LynxTest lynx = start(postgres)) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            Deadline passed = Deadline.after(Duration.ZERO, Ticker.system());

            Throwable failure =
                    catchThrowable(() -> RequestScope.of("r", "GET /", passed).call(() -> {
                        sleep(database, 0);
                        return true;
                    }));

            assertThat(failure).isInstanceOf(StatementCancelledException.class);
        }
    }
}
