package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.recovery.Classification;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Limits of a server that answers: one that a statement exceeds, and its disk. */
class LimitedDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MORE_THAN_THE_BREAKER_TAKES = 10;

    private static LynxTest.Builder application(String url) {
        return LynxTest.of(new JdbcPlugin())
                .with("lynx.jdbc.url", url)
                .with("lynx.jdbc.user", PostgresServer.USER)
                .with("lynx.jdbc.password", PostgresServer.PASSWORD)
                .with("lynx.jdbc.migrations.enabled", "false")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.health_check.failure_threshold", "1");
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            boolean _ = statement.execute();
        }
    }

    private static void fails(DataSource database, String sql, String state, boolean isExternal) {
        Throwable failure = catchThrowable(() -> execute(database, sql));

        assertThat(failure).isInstanceOf(SQLException.class);
        assertThat(((SQLException) failure).getSQLState())
                .as(failure.toString())
                .isEqualTo(state);
        assertThat(Classification.isExternal(failure)).isEqualTo(isExternal);
    }

    private static void awaitHealth(LynxTest lynx, HealthStatus status, String text) {
        Await.until(status + " " + text, PATIENCE, () -> {
            Health last = lynx.application()
                    .health()
                    .snapshot()
                    .check("jdbc")
                    .orElseThrow()
                    .last();
            return last != null && last.status() == status && last.toString().contains(text);
        });
    }

    private static void breakerIsClosed(LynxTest lynx) {
        assertThat(lynx.application().breakers().find("jdbc").map(CircuitBreaker::state))
                .contains(CircuitBreakerState.CLOSED);
    }

    @Test
    void aStatementThatExceedsItsLimitDoesNotStopTheOthers() throws SQLException {
        String limits = "?options=-c%20temp_file_limit%3D1024%20-c%20work_mem%3D64";
        try (LynxTest lynx = application(Postgres.server().url() + limits).start()) {
            DataSource database = lynx.resource(JdbcPlugin.key());

            for (int i = 0; i < MORE_THAN_THE_BREAKER_TAKES; i++) {
                fails(database, "SELECT g FROM generate_series(1, 300000) g ORDER BY -g", "53400", false);
            }

            breakerIsClosed(lynx);
            execute(database, "SELECT 1");
            awaitHealth(lynx, HealthStatus.UP, "");
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** A table on a small disk, which only root can make: in the long form. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void aFullDiskRefusesWritesAndReadsGoOn() throws Exception {
        Path disk = Files.createTempDirectory("lynx-disk-");
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4m,mode=777", "tmpfs", disk.toString()),
                "needs root for a small disk");
        SystemUser user = Objects.requireNonNull(SystemUser.notRoot(), "only root mounts");
        Path space = Files.createDirectory(disk.resolve("space"));
        assertThat(run("chown", user.id() + ":" + user.group(), space.toString()))
                .isTrue();
        try (PostgresServer server = PostgresServer.create()) {
            server.start();
            server.execute("CREATE TABLESPACE small LOCATION '" + space + "'");
            server.execute("CREATE TABLE item (text TEXT) TABLESPACE small");
            try (LynxTest lynx = application(server.url()).start()) {
                DataSource database = lynx.resource(JdbcPlugin.key());
                String fill = "INSERT INTO item SELECT repeat(md5(g::text), 50) FROM generate_series(1, 5000) g";

                Await.asserted("the disk is full", PATIENCE, () -> fails(database, fill, "53100", true));
                for (int i = 0; i < MORE_THAN_THE_BREAKER_TAKES; i++) {
                    fails(database, fill, "53100", true);
                }

                breakerIsClosed(lynx);
                execute(database, "SELECT count(*) FROM item");
                awaitHealth(lynx, HealthStatus.DEGRADED, "refuses writes: ERROR: could not extend file");
                assertThat(run("mount", "-o", "remount,size=256m", disk.toString()))
                        .isTrue();
                execute(database, fill);
                awaitHealth(lynx, HealthStatus.UP, "");
            }
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
            Files.delete(disk);
        }
    }
}
