package io.lynx.jdbc.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.bridge.BridgeMessage;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.json.JsonCodec;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read behind the head of the table, with pages of two rows. */
class OutboxReaderTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Transactions transactions = Transactions.of(source());
    private final OutboxTable table = new OutboxTable("lynx_outbox", JsonCodec.installed(), InstantSource.system());
    private final OutboxReader reader = new OutboxReader(table, transactions, 2);

    private static JdbcDataSource source() {
        JdbcDataSource source = new JdbcDataSource();
        source.setUrl("jdbc:h2:mem:reader" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    @BeforeEach
    void createTable() throws SQLException {
        table.setup().run(transactions);
    }

    /** Writes events; each is its type and its key. */
    private void write(String... events) throws SQLException {
        boolean _ = transactions.in(connection -> {
            for (String event : events) {
                String[] parts = event.split(" ");
                table.write(
                        connection,
                        new BridgeMessage(
                                Map.of("id", event, "type", parts[0], "partitionkey", parts[1]), "{}".getBytes(UTF_8)));
            }
            return true;
        });
    }

    private static List<String> ids(List<OutboxRow> rows) {
        return rows.stream().map(row -> row.message().id()).toList();
    }

    private OutboxReader.Page further(List<OutboxRow> head, String... without) throws SQLException {
        return reader.further(
                head, Set.of(without), row -> !row.message().type().equals("slow"));
    }

    @Test
    void itReadsOnPageByPageAndBeginsAgainBehindTheHead() throws SQLException {
        write("slow a", "slow b", "quick c", "slow d", "quick e", "quick f", "quick g");
        List<OutboxRow> head = reader.head(Set.of());

        OutboxReader.Page first = further(head);
        OutboxReader.Page second = further(head);
        OutboxReader.Page third = further(head);
        OutboxReader.Page again = further(head);

        assertThat(reader.isFull(head)).isTrue();
        assertThat(ids(head)).containsExactly("slow a", "slow b");
        assertThat(ids(first.rows())).containsExactly("quick c");
        assertThat(ids(second.rows())).containsExactly("quick e", "quick f");
        assertThat(ids(third.rows())).containsExactly("quick g");
        assertThat(List.of(first.isLast(), second.isLast(), third.isLast())).containsExactly(false, false, true);
        assertThat(ids(again.rows())).containsExactly("quick c");
    }

    @Test
    void anEventBehindOneOfItsKeyIsNotRead() throws SQLException {
        write("slow a", "slow b", "quick b", "quick c", "slow d", "quick d", "quick c", "quick e");
        List<OutboxRow> head = reader.head(Set.of());

        // The first of c is still there: it was read, and is not delivered yet.
        assertThat(ids(further(head).rows())).containsExactly("quick c");
        assertThat(ids(further(head).rows())).isEmpty();
        assertThat(ids(further(head).rows())).containsExactly("quick e");
    }

    @Test
    void keysThatAreLeftOutAreNotRead() throws SQLException {
        write("slow a", "slow b", "quick c", "quick d");

        assertThat(ids(further(reader.head(Set.of("c")), "c").rows())).containsExactly("quick d");
    }

    /** An event whose transaction committed late has a lower number than others that were read already. */
    @Test
    void anEventThatWasCommittedLateIsNotOvertakenByALaterOneOfItsKey() throws SQLException {
        write("slow a", "slow b", "quick late", "quick d", "quick e");
        long late = transactions.in(connection -> {
            List<OutboxRow> rows = table.next(connection, 10, 0, Set.of());
            connection.createStatement().executeUpdate("UPDATE lynx_outbox SET state = 9 WHERE event_key = 'late'");
            return rows.get(2).seq();
        });
        List<OutboxRow> head = reader.head(Set.of());
        assertThat(ids(further(head).rows())).containsExactly("quick d", "quick e");
        write("quick f", "quick late");
        // The reader goes on behind e.
        write("slow g", "quick h");
        boolean _ = transactions.in(connection ->
                connection.createStatement().executeUpdate("UPDATE lynx_outbox SET state = 0 WHERE seq = " + late)
                        == 1);

        assertThat(ids(further(head).rows())).containsExactly("quick f");
    }
}
