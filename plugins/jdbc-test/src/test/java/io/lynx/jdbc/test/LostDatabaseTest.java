package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.app.StartException;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that lack what a service needs: tables, connections, a whole migration. */
class LostDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static LynxTest.Builder application(String url, String user, String password) {
        return LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", url)
                .with("lynx.jdbc.user", user)
                .with("lynx.jdbc.password", password);
    }

    private static void script(Path folder, String name, String sql) throws Exception {
        Files.writeString(folder.resolve(name), sql);
    }

    @Test
    void aServerThatRestartsWithoutItsDataIsDown(@TempDir Path scripts) throws Exception {
        script(scripts, "V1__item.sql", "CREATE TABLE item (id INT);");
        try (PostgresServer first = PostgresServer.create();
                PostgresServer second = PostgresServer.create(first.port())) {
            first.start();
            try (LynxTest lynx = application(first.url(), PostgresServer.USER, PostgresServer.PASSWORD)
                    .with("lynx.jdbc.migrations.locations", "filesystem:" + scripts)
                    .with("lynx.health_check.interval", "500ms")
                    .with("lynx.health_check.failure_threshold", "1")
                    .start()) {
                first.kill();
                second.start();

                Await.until("the loss is noticed", PATIENCE, () -> {
                    Health last = lynx.application()
                            .health()
                            .snapshot()
                            .check("jdbc")
                            .orElseThrow()
                            .last();
                    return last != null
                            && last.status() == HealthStatus.DOWN
                            && last.toString().contains("has lost its tables");
                });
            }
        }
    }

    @Test
    void aMigrationThatFailsHalfWayIsUndoneAndItsLockIsFree(@TempDir Path scripts) throws Exception {
        script(scripts, "V1__item.sql", "CREATE TABLE item (id INT);");
        script(scripts, "V2__more.sql", "CREATE TABLE more (id INT);\n\nINSERT INTO nothing VALUES (1);\n");
        try (Postgres postgres = Postgres.schemaFor(getClass())) {
            LynxTest.Builder builder = application(postgres.url(), postgres.user(), postgres.password())
                    .with("lynx.jdbc.migrations.locations", "filesystem:" + scripts);

            Throwable failure = catchThrowable(() -> builder.start().close());

            assertThat(failure)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("V2__more.sql, line 3: ")
                    .hasMessageContaining("correct the script");
            assertThat(Postgres.server()
                            .count("SELECT count(*) FROM information_schema.tables WHERE table_schema = '"
                                    + postgres.schema() + "' AND table_name IN ('item', 'more')"))
                    .isEqualTo(1);
            Await.until(
                    "the lock is free",
                    PATIENCE,
                    () -> Postgres.server().count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0);

            script(scripts, "V2__more.sql", "CREATE TABLE more (id INT);\n");
            try (LynxTest lynx = builder.start()) {
                lynx.resource(JdbcPlugin.key()).getConnection().close();
            }
        }
    }

    @Test
    void aServerWithoutFreeConnectionsIsNamedAsTheCause() throws Exception {
        String role = "limited_connections";
        Postgres.server().execute("CREATE ROLE " + role + " LOGIN PASSWORD 'limited' CONNECTION LIMIT 2");
        try (LynxTest lynx = application(Postgres.server().url(), role, "limited")
                .with("lynx.jdbc.migrations.enabled", "false")
                .with("lynx.jdbc.pool_size", "3")
                .with("lynx.jdbc.connect_timeout", "3s")
                .start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());
            try (Connection first = database.getConnection()) {
                Throwable failure =
                        catchThrowable(() -> database.getConnection().close());

                assertThat(failure)
                        .hasMessageContaining("jdbc: no connection can be opened: FATAL: too many connections");
                assertThat(((SQLException) failure).getSQLState()).isEqualTo("53300");
                assertThat(first.isValid(5)).isTrue();
            }
            database.getConnection().close();
        } finally {
            Await.asserted(
                    "the role is not used", PATIENCE, () -> Postgres.server().execute("DROP ROLE " + role));
        }
    }
}
