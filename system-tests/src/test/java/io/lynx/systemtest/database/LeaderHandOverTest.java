package io.lynx.systemtest.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.database.LeaderPair.Gain;
import io.lynx.systemtest.database.LeaderPair.Leader;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two processes and a PostgreSQL: at most one is the leader by its fencing token. A leader that is frozen, in the middle of a protected
 * write, is replaced within two leases, and writes nothing when it wakes.
 */
@Timeout(300)
final class LeaderHandOverTest {
    @Test
    void frozenLeaderIsReplacedAndItsWritesAreRefused() throws Exception {
        Duration lease = Duration.ofSeconds(3);
        try (LeaderPair pair = LeaderPair.start(LeaderHandOverTest.class, lease)) {
            pair.assertFrozenLeaderIsReplaced(lease);
        }
    }

    /** The lease is so long that the other becomes the leader early only if it is released, and that no term is lost for want of CPU. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void leaderThatStopsReleasesItsLease() throws Exception {
        Duration lease = Duration.ofSeconds(30);
        try (LeaderPair pair = LeaderPair.start(LeaderHandOverTest.class, lease)) {
            Leader first = pair.leader();
            pair.awaitWriteAfter(first.token() - 1);
            ServiceProcess other = pair.otherThan(first.process());

            long stopped = first.process().signal(Signal.TERM);
            Gain gain = pair.awaitGain(other, first.token());

            assertThat(Duration.ofNanos(gain.nanos() - stopped)).isLessThan(lease.dividedBy(2));
            assertThat(first.process().awaitExit().code()).isEqualTo(128 + 15);
            pair.awaitWriteAfter(first.token());
            assertThat(pair.writtenTokens()).isSorted();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void killedLeaderIsReplacedWithinTwoLeases() throws Exception {
        Duration lease = Duration.ofSeconds(5);
        try (LeaderPair pair = LeaderPair.start(LeaderHandOverTest.class, lease)) {
            Leader killed = pair.leader();
            long since = killed.process().signal(Signal.KILL);

            Gain gain = pair.awaitGain(pair.otherThan(killed.process()), killed.token());

            assertThat(Duration.ofNanos(gain.nanos() - since)).isLessThan(lease.multipliedBy(2));
            pair.awaitWriteAfter(killed.token());
            assertThat(pair.writtenTokens()).isSorted();
        }
    }
}
