package io.lynx.jdbc.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.health.HealthStatus;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.InMemoryBroker;
import io.lynx.testkit.LynxTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The outbox with an embedded database, handlers of the process itself, and a broker in memory. */
class OutboxTest {
    /** The payload. */
    record Placed(String order, int number) {}

    private static final Topic<Placed> PLACED =
            Topic.of("business", "order.placed", Placed.class).durable();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url = "jdbc:h2:mem:outbox" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1";
    private final List<Event<? extends Placed>> seen = new CopyOnWriteArrayList<>();
    private final List<LynxTest> started = new ArrayList<>();
    private final InMemoryBroker broker = new InMemoryBroker();

    private record Handlers(Consumer<PluginContext> subscribing) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("handlers").build();
        }

        @Override
        public void start(PluginContext context) {
            subscribing.accept(context);
        }
    }

    private LynxTest start(Consumer<PluginContext> subscribing, String... settings) {
        LynxTest.Builder builder = LynxTest.of(
                        new JdbcPlugin(),
                        new OutboxPlugin(),
                        new Handlers(subscribing),
                        broker.plugin("memory"),
                        new BridgePlugin("orders"))
                .with("lynx.jdbc.url", url)
                .with("lynx.events.bridges.orders.transport", "memory")
                .with("lynx.events.bridges.orders.forward", "business/order.*")
                .with("lynx.outbox.poll_interval", "20ms")
                .with("lynx.outbox.first_pause", "1ms")
                .with("lynx.outbox.longest_pause", "20ms");
        for (int i = 0; i < settings.length; i += 2) {
            builder.with("lynx.outbox." + settings[i], settings[i + 1]);
        }
        LynxTest lynx = builder.start();
        started.add(lynx);
        return lynx;
    }

    @AfterEach
    void close() {
        started.forEach(LynxTest::close);
    }

    private void collect(PluginContext context) {
        context.events().subscribe(TopicFilter.topic(PLACED), seen::add);
    }

    private static void publish(LynxTest lynx, String order, int number) throws SQLException {
        boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> write(lynx, order, number));
    }

    private static boolean write(LynxTest lynx, String order, int number) {
        return lynx.application()
                .events()
                .publish(PLACED, new Placed(order, number), EventHeaders.NONE.withKey(order))
                .isAccepted();
    }

    private static int count(LynxTest lynx, String query) throws SQLException {
        return lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                boolean _ = rows.next();
                return rows.getInt(1);
            }
        });
    }

    private static int rows(LynxTest lynx) throws SQLException {
        return count(lynx, "SELECT count(*) FROM lynx_outbox");
    }

    private void awaitSeen(int events) {
        Await.until(events + " events are handled", () -> seen.size() >= events);
    }

    @Test
    void anEventIsHandledAfterTheCommit() throws SQLException {
        LynxTest lynx = start(this::collect);

        boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            boolean isKept = write(lynx, "o-1", 1);
            assertThat(seen).isEmpty();
            return isKept;
        });

        awaitSeen(1);
        assertThat(seen.getFirst().payload()).isEqualTo(new Placed("o-1", 1));
        assertThat(seen.getFirst().headers().key()).isEqualTo("o-1");
        Await.until("the row is deleted", () -> rows(lynx) == 0);
    }

    @Test
    void anEventOfATransactionThatIsRolledBackIsNeverHandled() throws SQLException {
        LynxTest lynx = start(this::collect);

        assertThatThrownBy(() -> lynx.resource(JdbcPlugin.transactions()).in(connection -> {
                    boolean _ = write(lynx, "o-1", 1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        publish(lynx, "o-2", 1);

        awaitSeen(1);
        assertThat(seen).extracting(event -> event.payload().order()).containsExactly("o-2");
    }

    @Test
    void outsideOfATransactionPublishingFails() {
        LynxTest lynx = start(this::collect);

        assertThatThrownBy(() -> write(lynx, "o-1", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in no transaction; publish it inside Transactions.in(…)");
    }

    @Test
    void theEventsOfAKeyKeepTheirOrderThoughAHandlerFails() throws SQLException {
        AtomicInteger calls = new AtomicInteger();
        List<String> handled = new CopyOnWriteArrayList<>();
        LynxTest lynx = start(
                context -> context.events()
                        .subscribe(
                                TopicFilter.topic(PLACED),
                                event -> {
                                    if (calls.incrementAndGet() % 3 == 1) {
                                        throw new IllegalStateException("every third fails");
                                    }
                                    handled.add(event.payload().order() + " "
                                            + event.payload().number());
                                },
                                o -> o.concurrency(8)),
                "attempts",
                "1000");

        boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            for (int number = 0; number < 20; number++) {
                for (String order : List.of("a", "b", "c")) {
                    boolean _ = write(lynx, order, number);
                }
            }
            return true;
        });

        Await.until("all are handled", () -> handled.size() == 60);
        for (String order : List.of("a", "b", "c")) {
            assertThat(handled.stream().filter(each -> each.startsWith(order)))
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(i -> order + " " + i)
                            .toList());
        }
    }

    @Test
    void anEventWhoseHandlerFailsTooOftenIsADeadLetterAndHoldsUpNoOther() throws SQLException {
        LynxTest lynx = start(
                context -> context.events().subscribe(TopicFilter.topic(PLACED), event -> {
                    if (event.payload().number() == 1) {
                        throw new IllegalStateException("cannot ship");
                    }
                    seen.add(event);
                }),
                "attempts",
                "3");

        publish(lynx, "o-1", 1);
        publish(lynx, "o-1", 2);

        awaitSeen(1);
        assertThat(seen.getFirst().payload().number()).isEqualTo(2);
        assertThat(count(lynx, "SELECT count(*) FROM lynx_outbox WHERE state = 2 AND problem LIKE '%cannot ship%'"))
                .isEqualTo(1);
        int _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE lynx_outbox SET state = 0 WHERE state = 2");
            }
        });
        Await.until("it is tried again", () -> count(lynx, "SELECT count(*) FROM lynx_outbox WHERE state = 2") == 1);
    }

    @Test
    void anEventThatNothingSubscribesToWaits() throws SQLException {
        LynxTest lynx = start(_ -> {}, "max_age", "1s");
        publish(lynx, "o-1", 1);

        Await.until("its age is known", () -> lynx.metrics().value("lynx_outbox_waiting", "outbox", "default") == 1);

        lynx.application().events().subscribe(TopicFilter.topic(PLACED), seen::add);
        awaitSeen(1);
        Await.until("nothing waits", () -> rows(lynx) == 0);
    }

    @Test
    void whatABridgeForwardsGoesToTheBroker() throws SQLException {
        LynxTest lynx = start(this::collect, "bridge", "orders");

        publish(lynx, "o-1", 1);
        publish(lynx, "o-1", 2);

        Await.until("both are sent", () -> broker.messages("lynx.business").size() == 2);
        assertThat(broker.messages("lynx.business")).allSatisfy(message -> {
            assertThat(message.key()).isEqualTo("o-1");
            assertThat(message.attribute("source")).isEqualTo("/orders");
        });
        assertThat(seen).isEmpty();
    }

    @Test
    void eventsWaitWhileTheBrokerIsDownAndArriveInOrder() throws Exception {
        LynxTest lynx = start(this::collect, "bridge", "orders", "max_age", "1s");
        broker.stop();
        for (int number = 0; number < 30; number++) {
            publish(lynx, "o-1", number);
        }
        Await.until(
                "the outbox is degraded",
                () -> lynx.application()
                                .health()
                                .probe("outbox")
                                .orElseThrow()
                                .check()
                                .status()
                        == HealthStatus.DEGRADED);

        broker.start();

        Await.until("all are sent", () -> broker.messages("lynx.business").size() >= 30);
        assertThat(broker.messages("lynx.business").stream().map(message -> new String(message.data(), UTF_8)))
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .mapToObj(i -> "{\"order\":\"o-1\",\"number\":" + i + "}")
                        .toList());
        Await.until("nothing waits", () -> rows(lynx) == 0);
    }

    @Test
    void anEventForThisProcessDoesNotOvertakeOneOfItsKeyForTheBroker() throws Exception {
        Topic<Placed> billed =
                Topic.of("business", "invoice.sent", Placed.class).durable();
        List<Placed> handled = new CopyOnWriteArrayList<>();
        LynxTest lynx = start(context -> context.events().subscribe(billed, handled::add), "bridge", "orders");
        broker.stop();
        publish(lynx, "o-1", 1);
        for (String order : List.of("o-1", "o-2")) {
            boolean _ = lynx.resource(JdbcPlugin.transactions()).in(_ -> lynx.application()
                    .events()
                    .publish(billed, new Placed(order, 2), EventHeaders.NONE.withKey(order))
                    .isAccepted());
        }
        publish(lynx, "o-2", 3);

        Await.until("the other key is handled", () -> handled.contains(new Placed("o-2", 2)));
        assertThat(handled).doesNotContain(new Placed("o-1", 2));
        broker.start();

        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(handled).containsExactly(new Placed("o-2", 2), new Placed("o-1", 2));
        assertThat(broker.messages("lynx.business")).hasSize(2);
    }

    @Test
    void aLostAcknowledgementLeadsToASecondMessageOfTheSameId() throws SQLException {
        broker.loseAcknowledgements(1);
        LynxTest lynx = start(this::collect, "bridge", "orders");

        publish(lynx, "o-1", 1);

        Await.until("it is sent twice", () -> broker.messages("lynx.business").size() == 2);
        assertThat(broker.messages("lynx.business"))
                .extracting(BridgeMessage::id)
                .containsOnly(broker.messages("lynx.business").getFirst().id());
    }

    @Test
    void whatTheBrokerRefusesIsADeadLetter() throws SQLException {
        broker.refuse(message ->
                message.key().equals("bad") && message.attribute("lynxreason").isEmpty());
        LynxTest lynx = start(this::collect, "bridge", "orders");

        publish(lynx, "bad", 1);
        publish(lynx, "good", 1);

        Await.until(
                "the good one is sent", () -> broker.messages("lynx.business").size() == 1);
        Await.until(
                "the other is a dead letter",
                () -> count(lynx, "SELECT count(*) FROM lynx_outbox WHERE state = 2") == 1);
        assertThat(broker.messages("lynx.business.dead-letters")).hasSize(1);
    }

    private static boolean isLeader(LynxTest lynx) {
        return lynx.metrics().value("lynx_outbox_leader", "outbox", "default") == 1;
    }

    @Test
    void ofTwoInstancesOnlyOneDelivers() throws SQLException {
        List<Boolean> byFirst = new CopyOnWriteArrayList<>();
        LynxTest first = start(context -> context.events().subscribe(TopicFilter.topic(PLACED), event -> {
            byFirst.add(true);
            seen.add(event);
        }));
        LynxTest second = start(context -> context.events().subscribe(TopicFilter.topic(PLACED), event -> {
            byFirst.add(false);
            seen.add(event);
        }));
        Await.until("one is the leader", () -> isLeader(first) || isLeader(second));
        boolean isFirst = isLeader(first);

        for (int number = 0; number < 20; number++) {
            publish(number % 2 == 0 ? first : second, "o-" + number, number);
        }
        awaitSeen(20);

        assertThat(byFirst).hasSize(20).containsOnly(isFirst);
        (isFirst ? first : second).stop();
        publish(isFirst ? second : first, "o-20", 20);
        awaitSeen(21);
        assertThat(byFirst.getLast()).isEqualTo(!isFirst);
    }

    @Test
    void deliveredEventsAreKeptForTheirRetention() throws SQLException {
        LynxTest lynx = start(this::collect, "retention", "1h");

        publish(lynx, "o-1", 1);

        awaitSeen(1);
        Await.until("it is marked", () -> count(lynx, "SELECT count(*) FROM lynx_outbox WHERE state = 1") == 1);
        Transactions transactions = lynx.resource(JdbcPlugin.transactions());
        OutboxTable table = new OutboxTable(
                "lynx_outbox", lynx.context("handlers").json(), () -> Instant.parse("2199-01-01T00:00:00Z"));
        assertThat(transactions.<Integer>in(connection -> table.clean(connection, 3_600_000, 3_600_000)))
                .isEqualTo(1);
    }
}
