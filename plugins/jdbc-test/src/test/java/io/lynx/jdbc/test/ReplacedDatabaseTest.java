package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.jdbc.FencedWrites;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.StaleTokenException;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.EventInbox;
import io.lynx.jdbc.outbox.InboxPlugin;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.StablePort;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A server of another version, without data, that takes the place of the one that a service is connected to: in the long form. */
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
class ReplacedDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final Topic<String> PLACED =
            Topic.of("business", "order.placed", String.class).durable();

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicReference<Leadership> leadership = new AtomicReference<>();

    /** Is a candidate, and handles each event once. */
    private final class Worker implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("worker").requires("inbox").build();
        }

        @Override
        public void start(PluginContext context) {
            EventInbox inbox = context.resource(InboxPlugin.key());
            Transactions transactions = context.resource(JdbcPlugin.transactions());
            context.events()
                    .subscribe(
                            TopicFilter.topic(PLACED),
                            event -> transactions.in(
                                    connection -> inbox.once(connection, event.id(), _ -> seen.add(event.payload()))));
            leadership.set(context.leadership("report").onGained(_ -> {}));
        }
    }

    private static PostgresServer ofArchive() throws Exception {
        URL archive = Objects.requireNonNull(EmbeddedPostgres.find(), "no archive on the class path");
        Path folder = Files.createTempDirectory("lynx-postgres-");
        return PostgresServer.create(folder, PostgresPrograms.embedded(archive, folder), StablePort.find());
    }

    private static int version(Transactions transactions) throws SQLException {
        return transactions.in(connection -> {
            try (PreparedStatement statement =
                            connection.prepareStatement("SELECT current_setting('server_version_num')::int / 10000");
                    ResultSet row = statement.executeQuery()) {
                boolean _ = row.next();
                return row.getInt(1);
            }
        });
    }

    private static void place(LynxTest lynx, String text) throws SQLException {
        boolean isAccepted = lynx.resource(JdbcPlugin.transactions()).in(_ -> lynx.application()
                .events()
                .publish(PLACED, text, EventHeaders.NONE.withKey("k"))
                .isAccepted());
        assertThat(isAccepted).isTrue();
    }

    private FencingToken awaitToken(long after) {
        Await.until("it is the leader", PATIENCE, () -> token().filter(token -> token.value() > after)
                .isPresent());
        return token().orElseThrow();
    }

    private Optional<FencingToken> token() {
        return leadership.get().token();
    }

    @Test
    void tablesOfTheFrameworkAreCreatedAgainAndTokensGrow() throws Exception {
        try (PostgresServer first = ofArchive();
                PostgresServer second = PostgresServer.create(first.port())) {
            first.start();
            try (LynxTest lynx = LynxTest.of(new JdbcPlugin(), new OutboxPlugin(), new InboxPlugin(), new Worker())
                    .with("lynx.jdbc.url", first.url())
                    .with("lynx.jdbc.user", PostgresServer.USER)
                    .with("lynx.jdbc.password", PostgresServer.PASSWORD)
                    .with("lynx.jdbc.migrations.enabled", "false")
                    .with("lynx.outbox.poll_interval", "50ms")
                    .with("lynx.leadership.report.lease", "3s")
                    .with("lynx.leadership.outbox.lease", "3s")
                    .with("lynx.circuit_breaker.breakers.jdbc.timeout", "500ms")
                    .with("lynx.health_check.interval", "500ms")
                    .start()) {
                Transactions transactions = lynx.resource(JdbcPlugin.transactions());
                FencedWrites writes = lynx.resource(JdbcPlugin.fencedWrites());
                // From the fifth execution on, the server keeps a statement.
                for (int i = 0; i < 10; i++) {
                    assertThat(version(transactions)).isEqualTo(14);
                }
                place(lynx, "first");
                Await.until("it is handled", PATIENCE, () -> seen.contains("first"));
                FencingToken before = awaitToken(0);
                Object _ = writes.in(before, Connection::isReadOnly);

                first.kill();
                second.start();

                Await.asserted("statements succeed", PATIENCE, () -> assertThat(version(transactions))
                        .isGreaterThan(14));
                FencingToken after = awaitToken(before.value());
                Await.asserted("protected writes succeed", PATIENCE, () -> writes.in(after, Connection::isReadOnly));
                assertThatThrownBy(() -> writes.in(before, Connection::isReadOnly))
                        .isInstanceOf(StaleTokenException.class);
                Await.asserted("events are accepted", PATIENCE, () -> place(lynx, "second"));
                Await.until("it is handled", PATIENCE, () -> seen.contains("second"));
                assertThat(second.count("SELECT count(*) FROM lynx_inbox")).isPositive();
            }
        }
    }
}
