package io.lynx.jdbc.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private LynxTest lynx;
    private Transactions transactions;
    private EventInbox inbox;

    @BeforeEach
    void start() throws SQLException {
        lynx = LynxTest.of(new JdbcPlugin(), new InboxPlugin())
                .with("lynx.jdbc.url", "jdbc:h2:mem:inbox" + DATABASES.incrementAndGet())
                .start();
        transactions = lynx.resource(JdbcPlugin.transactions());
        inbox = lynx.resource(InboxPlugin.key());
        boolean _ = transactions.in(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("CREATE TABLE item (id INT)");
            }
        });
    }

    @AfterEach
    void close() {
        lynx.close();
    }

    private static int insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO item VALUES (1)");
        }
    }

    private int items() throws SQLException {
        return transactions.in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM item")) {
                boolean _ = rows.next();
                return rows.getInt(1);
            }
        });
    }

    private boolean handle(EventInbox by, String id) throws SQLException {
        return transactions.in(connection -> by.once(connection, id, InboxTest::insert));
    }

    @Test
    void theWorkOfAnEventIsDoneOnce() throws SQLException {
        assertThat(handle(inbox, "e-1")).isTrue();
        assertThat(handle(inbox, "e-1")).isFalse();
        assertThat(handle(inbox, "e-2")).isTrue();

        assertThat(items()).isEqualTo(2);
        assertThat(lynx.metrics().value("lynx_inbox_events_total", "inbox", "default", "outcome", "duplicate"))
                .isEqualTo(1);
    }

    @Test
    void eachHandlerDoesItsOwnWork() throws SQLException {
        assertThat(handle(inbox.handler("ship"), "e-1")).isTrue();
        assertThat(handle(inbox.handler("bill"), "e-1")).isTrue();
        assertThat(handle(inbox.handler("ship"), "e-1")).isFalse();
    }

    @Test
    void eventsOfDifferentSourcesMayHaveTheSameId() {
        assertThat(EventInbox.key("/orders", "1")).isEqualTo("/orders 1").isNotEqualTo(EventInbox.key("/bills", "1"));
        assertThat(EventInbox.key("/a b", "1")).isNotEqualTo(EventInbox.key("/a", "b 1"));
        assertThat(EventInbox.key("", "1")).isEqualTo("1");
        assertThat(EventInbox.key("/orders", "1".repeat(300)))
                .startsWith("sha-256 ")
                .hasSize(72)
                .isNotEqualTo(EventInbox.key("/orders", "1".repeat(301)));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> handle(inbox, "x".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inbox: event id has 201 characters (xxxxxxxxxxxxxxxxxxxx…); at most 200 are allowed");
        assertThatThrownBy(() -> inbox.handler("x".repeat(101))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void workThatFailsIsDoneAgain() throws SQLException {
        assertThatThrownBy(() -> transactions.in(connection -> inbox.once(connection, "e-1", _ -> {
                    throw new IllegalStateException("no");
                })))
                .hasMessage("no");

        assertThat(handle(inbox, "e-1")).isTrue();
    }

    @Test
    void aDuplicateInTheSameTransactionChangesNothingElse() throws SQLException {
        assertThat(handle(inbox, "e-1")).isTrue();

        boolean _ = transactions.in(connection -> {
            int _ = insert(connection);
            return inbox.once(connection, "e-1", InboxTest::insert);
        });

        assertThat(items()).isEqualTo(2);
    }

    @Test
    void ofTwoDeliveriesAtATimeOneDoesTheWork() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> one = threads.submit(() -> handleTogether(both));
            Future<Boolean> other = threads.submit(() -> handleTogether(both));

            assertThat(one.get() ^ other.get()).isTrue();
        }
        assertThat(items()).isEqualTo(1);
    }

    private boolean handleTogether(CountDownLatch both) throws Exception {
        both.countDown();
        both.await();
        return handle(inbox, "e-1");
    }

    @Test
    void aConnectionThatCommitsByItselfIsRefused() {
        assertThatThrownBy(() -> {
                    try (Connection connection = lynx.resource(JdbcPlugin.key()).getConnection()) {
                        boolean _ = inbox.once(connection, "e-1", InboxTest::insert);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inside of Transactions.in");
    }

    @Test
    void oldIdsAreDeleted() throws SQLException {
        assertThat(handle(inbox, "e-1")).isTrue();

        assertThat(transactions.<Integer>in(connection -> inbox.clean(connection, Duration.ofHours(1))))
                .isZero();
        assertThat(transactions.<Integer>in(connection -> inbox.clean(connection, Duration.ofHours(-1))))
                .isEqualTo(1);
    }

    @Test
    void aNameThatIsNoTableIsRefused() {
        assertThatThrownBy(() -> new InboxConfig("x; DROP TABLE item", true, Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("letters, digits and '_'");
    }
}
