package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcLeasesTest {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private LynxTest lynx;
    private LeaseBackend leases;
    private FencedWrites writes;

    @BeforeEach
    void start() throws SQLException {
        lynx = TestDatabase.start("migrations.enabled=false");
        leases = lynx.resource(LeaseBackend.key("jdbc.orders"));
        writes = lynx.resource(JdbcPlugin.fencedWrites("orders"));
        TestDatabase.execute(TestDatabase.of(lynx), "CREATE TABLE item (id INT)");
    }

    @AfterEach
    void close() {
        lynx.close();
    }

    private Lease granted(String holder) throws Exception {
        LeaseAnswer answer = leases.acquire("report", holder, LEASE);
        assertThat(answer).isInstanceOf(LeaseAnswer.Granted.class);
        return ((LeaseAnswer.Granted) answer).lease();
    }

    private void execute(String sql) throws SQLException {
        TestDatabase.execute(TestDatabase.of(lynx), sql);
    }

    private static FencingToken token(Lease lease) {
        return new FencingToken(lease.leadership(), lease.token());
    }

    private static int insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("INSERT INTO item VALUES (1)");
        }
    }

    private int items() throws SQLException {
        return TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item");
    }

    @Test
    void oneHoldsTheLeaseUntilItIsReleased() throws Exception {
        Lease first = granted("a");
        LeaseAnswer second = leases.acquire("report", "b", LEASE);

        assertThat(second).isInstanceOfSatisfying(LeaseAnswer.Occupied.class, occupied -> {
            assertThat(occupied.holder()).isEqualTo("a");
            assertThat(occupied.remaining()).isBetween(Duration.ofSeconds(30), LEASE);
        });
        assertThat(leases.acquire("other", "b", LEASE)).isInstanceOf(LeaseAnswer.Granted.class);
        assertThat(leases.renew(first, LEASE)).isTrue();
        leases.release(first);
        assertThat(leases.renew(first, LEASE)).isFalse();
        assertThat(granted("b").token()).isGreaterThan(first.token());
    }

    @Test
    void leaseWhoseTimeIsOverIsTakenOverAndCannotBeRenewed() throws Exception {
        Lease first = granted("a");
        execute("UPDATE lynx_leadership SET ends_at = ends_at - 120000");

        assertThat(leases.renew(first, LEASE)).isFalse();
        Lease second = granted("b");
        assertThat(second.token()).isGreaterThan(first.token());
        leases.release(first);
        assertThat(leases.renew(second, LEASE)).isTrue();
    }

    @Test
    void leaseThatEndsTooFarAwayIsTakenOverSinceTheClockHasGoneBack() throws Exception {
        Lease first = granted("a");
        execute("UPDATE lynx_leadership SET ends_at = ends_at + 3600000");

        assertThat(granted("b").token()).isGreaterThan(first.token());
    }

    @Test
    void tokensGrowAlsoWhenTheRowsAreLost() throws Exception {
        Lease first = granted("a");
        execute("DELETE FROM lynx_leadership");
        execute("DELETE FROM lynx_fencing");

        assertThat(granted("b").token()).isGreaterThanOrEqualTo(first.token());
    }

    @Test
    void writeOfALeaderThatWasReplacedIsRefused() throws Exception {
        Lease first = granted("a");
        int _ = writes.in(token(first), JdbcLeasesTest::insert);
        leases.release(first);
        Lease second = granted("b");

        assertThatThrownBy(() -> writes.in(token(first), JdbcLeasesTest::insert))
                .isInstanceOf(StaleTokenException.class)
                .hasMessage("leadership 'report': the write with token " + first.token()
                        + " is refused, since there is a later leader with token " + second.token());
        int _ = writes.in(token(second), JdbcLeasesTest::insert);
        assertThat(items()).isEqualTo(2);
    }

    @Test
    void noTakeoverDuringAProtectedWrite() throws Exception {
        Lease first = granted("a");
        leases.release(first);

        LeaseAnswer during = writes.in(token(first), connection -> {
            int _ = insert(connection);
            try {
                return leases.acquire("report", "b", LEASE);
            } catch (Exception failure) {
                throw new SQLException(failure);
            }
        });

        assertThat(during).isInstanceOf(LeaseAnswer.Occupied.class);
        assertThat(items()).isEqualTo(1);
        assertThat(granted("b").token()).isGreaterThan(first.token());
    }

    @Test
    void tokensOfAnotherBackendAreComparedWithThoseSeen() throws Exception {
        FencingToken fifth = new FencingToken("elsewhere", 5);
        int _ = writes.in(fifth, JdbcLeasesTest::insert);
        int _ = writes.in(new FencingToken("elsewhere", 7), JdbcLeasesTest::insert);

        assertThatThrownBy(() -> writes.in(fifth, JdbcLeasesTest::insert)).isInstanceOf(StaleTokenException.class);
        assertThat(items()).isEqualTo(2);
    }

    @Test
    void protectedWriteNeedsATransaction() throws Exception {
        Lease first = granted("a");
        try (Connection connection = TestDatabase.of(lynx).getConnection()) {
            assertThatThrownBy(() -> writes.check(connection, token(first)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("leadership 'report': a protected write needs a transaction; call this within"
                            + " Transactions.in");
        }
    }
}
