package io.lynx.systemtest.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.redis.test.RedisServer;
import io.lynx.systemtest.process.Output;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two processes whose lease is in Redis and whose protected writes go to PostgreSQL: whatever Redis does, a later term is never overtaken. */
@Timeout(300)
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
final class LeaderOnRedisTest {
    private static final Duration LEASE = Duration.ofSeconds(3);

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws Exception {
        redis = RedisServer.create();
        redis.start();
    }

    @AfterEach
    void stopRedis() throws Exception {
        redis.close();
    }

    private LeaderPair pair() throws Exception {
        return LeaderPair.start(
                LeaderOnRedisTest.class,
                LEASE,
                "--lynx.leadership.writer.backend=redis",
                "--lynx.redis.nodes=" + redis.address());
    }

    @Test
    void frozenLeaderHoldsNeitherTheLeaseNorTheWritesOfTheNext() throws Exception {
        try (LeaderPair pair = pair()) {
            pair.assertFrozenLeaderIsReplaced(LEASE);
        }
    }

    @Test
    void laterTermsFollowWhenRedisHangsAndWhenItLosesItsData() throws Exception {
        try (LeaderPair pair = pair()) {
            long first = pair.leader().token();
            pair.awaitWriteAfter(first - 1);

            redis.freeze();
            Output.Line _ =
                    pair.leader().process().awaitLine("lost " + pair.leader().token());
            redis.thaw();
            long second = pair.leaderAfter(first).token();
            pair.awaitWriteAfter(second - 1);

            redis.kill();
            redis.start();
            pair.awaitWriteAfter(pair.leaderAfter(second).token() - 1);

            assertThat(pair.writtenTokens()).isSorted();
        }
    }
}
