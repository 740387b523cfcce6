package io.lynx.systemtest.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.test.Postgres;
import io.lynx.systemtest.Services;
import io.lynx.systemtest.app.LeaderService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Two processes of {@link LeaderService} on one PostgreSQL. On a busy machine either may lose a term at any time, so what is waited for is
 * a term that is later than another, never a number of terms. Used by one thread.
 */
public final class LeaderPair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Each poll opens a connection, which costs the server a process. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Postgres database;
    private final ServiceProcess one;
    private final ServiceProcess other;

    private LeaderPair(Postgres database, ServiceProcess one, ServiceProcess other) {
        this.database = database;
        this.one = one;
        this.other = other;
    }

    /**
     * Starts them, and waits until both are ready.
     *
     * @param settings of both, as arguments of the program
     */
    public static LeaderPair start(Class<?> test, Duration lease, String... settings) throws Exception {
        Postgres database = Postgres.schemaFor(test);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(
                    "CREATE TABLE written (id BIGSERIAL PRIMARY KEY, kind TEXT NOT NULL, token BIGINT NOT NULL)");
        }
        Launch launch = service(database, lease).arguments(settings);
        LeaderPair pair = new LeaderPair(database, launch.start(), launch.start());
        Output.Line _ = pair.one.awaitLine(" ready\",\"kv\"");
        Output.Line _ = pair.other.awaitLine(" ready\",\"kv\"");
        return pair;
    }

    private static Launch service(Postgres database, Duration lease) {
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
                        database.url(), database.user(), database.password(), lease.toMillis()));
    }

    /** A process, and the token of its last term. */
    public record Leader(ServiceProcess process, long token) {}

    /** Returns the process whose term is the last one so far. */
    public Leader leader() {
        return leaderAfter(0);
    }

    /** Waits until a term later than {@code token} has begun. */
    public Leader leaderAfter(long token) {
        Await.until("a term after " + token + " has begun", PATIENCE, () -> last().token() > token);
        return last();
    }

    private Leader last() {
        long ofOne = lastToken(one);
        long ofOther = lastToken(other);
        return ofOne > ofOther ? new Leader(one, ofOne) : new Leader(other, ofOther);
    }

    private static long lastToken(ServiceProcess process) {
        return gains(process).map(Gain::token).max(Long::compare).orElse(0L);
    }

    /** The beginning of a term, as the process has printed it. */
    public record Gain(long token, long nanos) {}

    private static Stream<Gain> gains(ServiceProcess process) {
        return process.output().lines().stream()
                .filter(line -> line.text().startsWith("gained "))
                .map(line -> new Gain(number(line.text()), line.nanos()));
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Returns where the metrics of both are. */
    public InetSocketAddress[] management() throws InterruptedException {
        return new InetSocketAddress[] {Services.awaitManagement(one), Services.awaitManagement(other)};
    }

    /** Returns the process that is not {@code process}. */
    public ServiceProcess otherThan(ServiceProcess process) {
        return process.equals(one) ? other : one;
    }

    /** Waits until {@code process} begins a term later than {@code token}. */
    public Gain awaitGain(ServiceProcess process, long token) {
        Await.until("the other has begun a term after " + token, PATIENCE, () -> firstGain(process, token)
                .isPresent());
        return firstGain(process, token).orElseThrow();
    }

    private static Optional<Gain> firstGain(ServiceProcess process, long token) {
        return gains(process).filter(gain -> gain.token() > token).findFirst();
    }

    /** Lets the leader begin a protected write that lasts until something is typed; tries again if it loses its term meanwhile. */
    public Leader holdingLeader() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            ServiceProcess process = leader().process();
            int before = process.output().lines().size();
            process.type("hold");
            Await.until("the leader holds or does not", PATIENCE, () -> answer(process, before, _ -> true)
                    .isPresent());
            Optional<Output.Line> holding = answer(process, before, line -> line.startsWith("holding "));
            if (holding.isPresent()) {
                return new Leader(process, number(holding.get().text()));
            }
        }
        throw one.failure(
                "no leader holds a write; the other wrote " + other.output().text());
    }

    private static Optional<Output.Line> answer(ServiceProcess process, int before, Predicate<String> wanted) {
        return process.output().lines().stream()
                .skip(before)
                .filter(line ->
                        line.text().startsWith("holding ") || line.text().startsWith("not held"))
                .filter(line -> wanted.test(line.text()))
                .findFirst();
    }

    /**
     * Freezes the leader in the middle of a protected write. Checks that the other one leads and writes within two leases, and that the
     * frozen one, when it wakes, neither finishes its write nor takes itself for the leader.
     */
    void assertFrozenLeaderIsReplaced(Duration lease) throws Exception {
        Leader frozen = holdingLeader();
        long since = frozen.process().signal(Signal.STOP);

        Gain gain = awaitGain(otherThan(frozen.process()), frozen.token());
        assertThat(Duration.ofNanos(gain.nanos() - since)).isLessThan(lease.multipliedBy(2));
        awaitWriteAfter(frozen.token());

        long _ = frozen.process().signal(Signal.CONT);
        Output.Line _ = frozen.process().awaitLine("refused " + frozen.token());
        frozen.process().type("go on");
        Output.Line _ = frozen.process().awaitLine("not held");
        assertThat(heldTokens()).isEmpty();
        assertThat(writtenTokens()).isSorted();
    }

    /** Waits until the leader of a term later than {@code token} has written. */
    public void awaitWriteAfter(long token) {
        Await.until("a term after " + token + " has written", PATIENCE, PAUSE, () -> writtenTokens().stream()
                .anyMatch(written -> written > token));
    }

    /** Returns the tokens of all writes, in the order in which they were written. */
    public List<Long> writtenTokens() throws SQLException {
        return numbers("SELECT token FROM written ORDER BY id");
    }

    /** Returns the tokens of the writes that were held open and committed nevertheless. */
    public List<Long> heldTokens() throws SQLException {
        return numbers("SELECT token FROM written WHERE kind = 'held'");
    }

    private List<Long> numbers(String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<Long> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
            return found;
        }
    }

    /** Ends both by force and deletes their schema. */
    @Override
    public void close() {
        one.close();
        other.close();
        database.close();
    }
}
