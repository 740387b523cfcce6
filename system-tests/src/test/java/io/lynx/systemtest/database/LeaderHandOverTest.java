package io.lynx.systemtest.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.test.Postgres;
import io.lynx.systemtest.app.LeaderService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two processes and a PostgreSQL: at most one is the leader by its fencing token. A leader that is frozen, in the middle of a protected
 * write, is replaced within two leases, and writes nothing when it wakes.
 */
@Timeout(180)
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
final class LeaderHandOverTest {
    private static final Duration LEASE = Duration.ofSeconds(3);

    @Test
    void frozenLeaderIsReplacedAndItsWritesAreRefused() throws Exception {
        try (Postgres database = Postgres.schemaFor(LeaderHandOverTest.class)) {
            execute(
                    database,
                    "CREATE TABLE written (id BIGSERIAL PRIMARY KEY, kind TEXT NOT NULL, token BIGINT NOT NULL)");
            try (ServiceProcess one = service(database).start();
                    ServiceProcess other = service(database).start()) {
                Await.until("one is the leader", Duration.ofMinutes(1), () -> isLeader(one) || isLeader(other));
                ServiceProcess first = isLeader(one) ? one : other;
                ServiceProcess second = isLeader(one) ? other : one;
                Output.Line _ = second.awaitLine(" ready\",\"kv\"");
                assertThat(isLeader(second)).isFalse();

                first.type("hold");
                Output.Line _ = first.awaitLine("holding ");
                long frozen = first.signal(Signal.STOP);
                Output.Line gained = second.awaitLine("gained ");
                Duration handOver = Duration.ofNanos(gained.nanos() - frozen);
                assertThat(handOver).isLessThan(LEASE.multipliedBy(2));

                long _ = first.signal(Signal.CONT);
                Output.Line _ = first.awaitLine("refused ");
                first.type("go on");
                Output.Line _ = first.awaitLine("held write failed");

                awaitWriters(database, 2);
                long stopped = second.signal(Signal.TERM);
                Await.until("the first is the leader again", Duration.ofMinutes(1), () -> gains(first) == 2);
                Duration handedBack = Duration.ofNanos(lastGain(first).nanos() - stopped);
                assertThat(handedBack).isLessThan(LEASE);
                assertThat(second.awaitExit().code()).isEqualTo(128 + 15);
                awaitWriters(database, 3);

                assertThat(tokens(database)).isSorted();
                assertThat(count(database, "SELECT count(*) FROM written WHERE kind = 'held'"))
                        .isZero();
                System.out.println("hand-over from a frozen leader " + handOver.toMillis() + " ms, at a shutdown "
                        + handedBack.toMillis() + " ms, lease " + LEASE.toMillis() + " ms");
            }
        }
    }

    private static void awaitWriters(Postgres database, int terms) {
        Await.until(
                "leaders of " + terms + " terms have written",
                Duration.ofMinutes(1),
                () -> tokens(database).stream().distinct().count() >= terms);
    }

    private static Launch service(Postgres database) {
        return Launch.of(LeaderService.class).withoutClassPath("/examples/").file("config.yml", """
            lynx:
              application: {name: leader, version: 1.0.0}
              metrics: {prometheus: {host: 127.0.0.1, port: 0}}
              jdbc:
                url: %s
                user: %s
                password: %s
                migrations: {enabled: false}
              leadership:
                writer: {lease: %dms, poll_interval: 200ms}
            """.formatted(
                        database.url(), database.user(), database.password(), LEASE.toMillis()));
    }

    private static boolean isLeader(ServiceProcess service) {
        return gains(service) > 0;
    }

    private static long gains(ServiceProcess service) {
        return service.output().lines().stream()
                .filter(line -> line.text().startsWith("gained "))
                .count();
    }

    private static Output.Line lastGain(ServiceProcess service) {
        return service.output().lines().stream()
                .filter(line -> line.text().startsWith("gained "))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static List<Long> tokens(Postgres database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT token FROM written ORDER BY id")) {
            List<Long> tokens = new ArrayList<>();
            while (rows.next()) {
                tokens.add(rows.getLong(1));
            }
            return tokens;
        }
    }

    private static long count(Postgres database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            boolean _ = rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(Postgres database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }
}
