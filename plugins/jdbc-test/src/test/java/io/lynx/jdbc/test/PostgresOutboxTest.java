package io.lynx.jdbc.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.EventInbox;
import io.lynx.jdbc.outbox.InboxPlugin;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.InMemoryBroker;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outbox and inbox on a real server: two instances that publish, one that receives, and a broker in memory. */
class PostgresOutboxTest {
    private static final Topic<String> PLACED =
            Topic.of("business", "order.placed", String.class).durable();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int ORDERS = 40;
    private static final int STEPS = 3;

    private final InMemoryBroker broker = new InMemoryBroker();
    private final List<LynxTest> started = new ArrayList<>();
    private Postgres postgres;

    /** A worker: it writes each event that it receives in one row, in the order in which it has received them. */
    private static final class Worker implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("worker").requires("inbox").build();
        }

        @Override
        public void start(PluginContext context) {
            EventInbox inbox = context.resource(InboxPlugin.key());
            var transactions = context.resource(JdbcPlugin.transactions());
            context.events()
                    .subscribe(
                            TopicFilter.topic(PLACED),
                            event -> transactions.in(connection -> inbox.once(
                                    connection,
                                    event.id(),
                                    it -> insert(it, "INSERT INTO confirmed (text) VALUES (?)", event.payload()))),
                            o -> o.concurrency(4));
        }
    }

    private static int insert(Connection connection, String sql, String text) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, text);
            return statement.executeUpdate();
        }
    }

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.schemaFor(getClass());
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("CREATE TABLE confirmed (seq BIGSERIAL PRIMARY KEY, text TEXT)");
            boolean _ = statement.execute("CREATE TABLE placed (text TEXT)");
        }
    }

    @AfterEach
    void close() {
        started.forEach(LynxTest::close);
        postgres.close();
    }

    private LynxTest.Builder application(Plugin... plugins) {
        return LynxTest.of(plugins)
                .with("lynx.jdbc.url", postgres.url())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.events.bridges.orders.transport", "memory")
                .with("lynx.events.bridges.orders.first_pause", "5ms")
                .with("lynx.events.bridges.orders.longest_pause", "50ms");
    }

    private LynxTest orders() {
        LynxTest lynx = application(
                        new JdbcPlugin(), new OutboxPlugin(), broker.plugin("memory"), new BridgePlugin("orders"))
                .with("lynx.events.bridges.orders.forward", "business/order.placed")
                .with("lynx.outbox.bridge", "orders")
                .with("lynx.outbox.poll_interval", "20ms")
                .with("lynx.outbox.first_pause", "5ms")
                .with("lynx.outbox.longest_pause", "50ms")
                .with("lynx.outbox.batch_size", "20")
                .start();
        started.add(lynx);
        return lynx;
    }

    private LynxTest worker() {
        LynxTest lynx = application(
                        new JdbcPlugin(),
                        new InboxPlugin(),
                        broker.plugin("memory"),
                        new BridgePlugin("orders"),
                        new Worker())
                .with("lynx.events.bridges.orders.receive", "business/order.placed")
                .start();
        started.add(lynx);
        return lynx;
    }

    private static boolean place(LynxTest lynx, String order, int step) throws SQLException {
        return lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            String text = order + " " + step;
            int _ = insert(connection, "INSERT INTO placed (text) VALUES (?)", text);
            return lynx.application()
                    .events()
                    .publish(PLACED, text, EventHeaders.NONE.withKey(order))
                    .isAccepted();
        });
    }

    private List<String> texts(String table) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT text FROM " + table)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    @Test
    @Timeout(120)
    void everyOrderIsConfirmedOnceThoughTheBrokerStopsAndLosesAcknowledgements() throws Exception {
        LynxTest first = orders();
        LynxTest second = orders();
        LynxTest _ = worker();
        broker.loseAcknowledgements(2);
        try (ExecutorService publishers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                LynxTest instance = i % 2 == 0 ? first : second;
                String order = "o-" + i;
                all.add(publishers.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        boolean _ = place(instance, order, step);
                    }
                    return null;
                }));
            }
            broker.stop();
            for (Future<?> each : all) {
                Object _ = each.get();
            }
        }
        broker.start();
        broker.loseAcknowledgements(3);

        Await.until(
                "every order is confirmed",
                PATIENCE,
                () -> texts("confirmed ORDER BY seq").size() >= ORDERS * STEPS);

        List<String> confirmed = texts("confirmed ORDER BY seq");
        assertThat(confirmed).containsExactlyInAnyOrderElementsOf(texts("placed"));
        for (int i = 0; i < ORDERS; i++) {
            String order = "o-" + i + " ";
            assertThat(confirmed.stream().filter(text -> text.startsWith(order)))
                    .containsExactly(order + 0, order + 1, order + 2);
        }
        Await.until("the outbox is empty", () -> texts("(SELECT event_id AS text FROM lynx_outbox) AS outbox")
                .isEmpty());
    }

    @Test
    void aCrashBetweenDeliveryAndMarkLeadsToASecondDeliveryThatHasNoEffect() throws Exception {
        LynxTest lynx = orders();
        boolean _ = place(lynx, "o-1", 0);
        Await.until("it is sent", () -> broker.messages("lynx.business").size() == 1);
        Await.until("the outbox is empty", () -> texts("(SELECT event_id AS text FROM lynx_outbox) AS outbox")
                .isEmpty());
        // As if the leader had ended before it marked the row: the row is there as it was.
        BridgeMessage sent = broker.messages("lynx.business").getFirst();
        try (Connection connection = postgres.connect();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO lynx_outbox (event_id, event_key,"
                                + " state, created_at, changed_at, attributes, data) VALUES (?, 'o-1', 0, 0, 0, ?, ?)")) {
            statement.setString(1, sent.id());
            statement.setString(2, new String(lynx.context("outbox").json().write(sent.attributes()), UTF_8));
            statement.setString(3, new String(sent.data(), UTF_8));
            int _ = statement.executeUpdate();
        }
        Await.until("it is sent again", () -> broker.messages("lynx.business").size() == 2);
        assertThat(broker.messages("lynx.business").getLast().id()).isEqualTo(sent.id());

        LynxTest worker = worker();
        Await.until("both are received", () -> worker.metrics().sum("lynx_inbox_events_total") == 2);

        assertThat(texts("confirmed ORDER BY seq")).containsExactly("o-1 0");
    }

    @Test
    void anEventOfATransactionThatIsRolledBackIsNotSent() throws Exception {
        LynxTest lynx = orders();
        try {
            boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
                boolean _ = place(lynx, "o-1", 0);
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException rolledBack) {
            assertThat(rolledBack).hasMessage("no");
        }
        boolean _ = place(lynx, "o-2", 0);

        Await.until("the second is sent", () -> broker.messages("lynx.business").size() == 1);

        assertThat(broker.messages("lynx.business").getFirst().key()).isEqualTo("o-2");
        assertThat(texts("placed")).containsExactly("o-2 0");
    }

    /** PostgreSQL stores no text that contains the character 0. */
    @Test
    void aDeadLetterIsKeptWhateverItsReasonContains() throws Exception {
        LynxTest lynx = LynxTest.of(new JdbcPlugin(), new OutboxPlugin(), new Plugin() {
                    @Override
                    public PluginDescriptor descriptor() {
                        return PluginDescriptor.of("refusing").build();
                    }

                    @Override
                    public void start(PluginContext context) {
                        context.events().subscribe(PLACED, order -> {
                            throw new IllegalStateException("refused\0" + order);
                        });
                    }
                })
                .with("lynx.jdbc.url", postgres.url())
                .with("lynx.jdbc.user", postgres.user())
                .with("lynx.jdbc.password", postgres.password())
                .with("lynx.outbox.attempts", "1")
                .start();
        started.add(lynx);

        assertThat(place(lynx, "o-1", 1)).isTrue();

        Await.until("it is a dead letter", PATIENCE, () -> texts(
                        "(SELECT problem AS text FROM lynx_outbox WHERE state = 2) AS dead")
                .equals(List.of("java.lang.IllegalStateException: refused?o-1 1")));
    }
}
