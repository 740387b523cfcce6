package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.StartException;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void theDatabaseIsMigratedBeforeItsFirstUse() throws SQLException {
        try (LynxTest lynx = TestDatabase.start()) {
            assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aBrokenScriptEndsTheStartAndIsNamedWithItsLine() {
        assertThatThrownBy(() -> TestDatabase.start("migrations.locations=classpath:db/broken"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("migration")
                .hasMessageContaining("V1__broken.sql, line 3: ")
                .hasMessageContaining("correct the script");
    }

    @Test
    void migrationsCanBeSwitchedOff() {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            assertThatThrownBy(() -> TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aFolderWithoutScriptsIsNamed() {
        try (LynxTest lynx = TestDatabase.start("migrations.locations=classpath:db/nothing")) {
            assertThat(lynx.logs().containing("Flyway finds no scripts in classpath:db/nothing"))
                    .hasSize(1);
        }
    }

    @Test
    void tablesOfPluginsDoNotKeepTheFirstScriptFromRunning() throws SQLException {
        String url = TestDatabase.url();
        try (Connection before = DriverManager.getConnection(url)) {
            create(before, "CREATE TABLE lynx_leadership (name VARCHAR(100))");
            try (LynxTest lynx = LynxTest.of(new JdbcPlugin("orders"))
                    .with("lynx.jdbc.orders.url", url)
                    .start()) {
                assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void theStartWaitsForADiskThatIsFull() throws SQLException {
        AtomicInteger refusals = new AtomicInteger();
        try (FaultyDatabase faulty = new FaultyDatabase()) {
            faulty.on("execute", _ -> {
                if (refusals.incrementAndGet() <= 2) {
                    throw new SQLException("could not extend file: No space left on device", "53100");
                }
            });
            try (LynxTest lynx = LynxTest.of(new JdbcPlugin("orders"))
                    .with("lynx.jdbc.orders.url", faulty.url())
                    .start()) {
                assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                        .isEqualTo(1);
            }
        }
        assertThat(refusals).hasValueGreaterThan(2);
    }

    @Test
    void otherTablesWithoutAHistoryEndTheStart() throws SQLException {
        String url = TestDatabase.url();
        try (Connection before = DriverManager.getConnection(url)) {
            create(before, "CREATE TABLE lynx_leadership (name VARCHAR(100))");
            create(before, "CREATE TABLE customer (id INT)");
            assertThatThrownBy(() -> LynxTest.of(new JdbcPlugin("orders"))
                            .with("lynx.jdbc.orders.url", url)
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("no history of migrations")
                    .hasMessageContaining("a script V1 does not run");
        }
    }

    @Test
    void theMissingModuleOfFlywayIsNamed() {
        assertThat(FlywayMigrations.message("Unsupported Database: PostgreSQL 17.5"))
                .contains("for PostgreSQL, org.flywaydb:flyway-database-postgresql")
                .contains("migrations.enabled: false");
    }

    private static void create(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }
}
