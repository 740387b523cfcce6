package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.redis.test.RedisServer;
import io.lynx.systemtest.database.LeaderPair;
import io.lynx.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of leaderships before a real Prometheus, for two processes whose lease is in a Redis that stops and loses its data. */
@Timeout(300)
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
final class LeadershipAlertsTest {
    private static final String NO_LEADER = "LynxLeadershipNoLeader";
    private static final String FLAPPING = "LynxLeadershipFlapping";
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void alertsFireWithoutALeaderAndWhenItChangesAgainAndAgain() throws Exception {
        try (RedisServer redis = RedisServer.create()) {
            redis.start();
            try (LeaderPair pair = LeaderPair.start(
                    LeadershipAlertsTest.class,
                    Duration.ofSeconds(3),
                    "--lynx.leadership.writer.backend=redis",
                    "--lynx.redis.nodes=" + redis.address(),
                    "--lynx.metrics.update_interval=1s")) {
                PrometheusServer.Builder building =
                        PrometheusServer.with(PrometheusBinaries.find()).scrape("leaders", pair.management());
                Rules.shipped().quick(folder, WINDOW, HOLD).files().forEach(building::rules);
                try (PrometheusServer prometheus = building.start()) {
                    watch(prometheus, pair, redis);
                }
            }
        }
    }

    private static void watch(PrometheusServer prometheus, LeaderPair pair, RedisServer redis) throws Exception {
        prometheus.awaitTargets();
        long first = pair.leader().token();
        prometheus.await("a leader", () -> isOne(prometheus));
        assertThat(prometheus.api().firing()).doesNotContain(NO_LEADER, FLAPPING);

        redis.kill();
        prometheus.awaitFiring(NO_LEADER);
        assertThat(prometheus.api().alerts())
                .filteredOn(alert -> alert.name().equals(NO_LEADER))
                .singleElement()
                .satisfies(alert -> assertThat(alert.annotations())
                        .containsEntry("summary", "leaders has no leader for writer")
                        .containsEntry("runbook_url", "docs/runbooks/LynxLeadershipNoLeader.md"));
        redis.start();
        long present = pair.leaderAfter(first).token();
        prometheus.awaitQuiet(NO_LEADER);

        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!prometheus.api().firing().contains(FLAPPING) && System.nanoTime() - end < 0) {
            long before = present;
            Object _ = redis.command("FLUSHALL");
            Await.until("a later term", PATIENCE, () -> pair.leader().token() > before);
            present = pair.leader().token();
        }
        prometheus.awaitFiring(FLAPPING);
        prometheus.awaitQuiet(FLAPPING);
    }

    private static boolean isOne(PrometheusServer prometheus) throws InterruptedException {
        return prometheus.api().query("sum(lynx_leadership_leader)").stream().anyMatch(sample -> sample.value() == 1);
    }
}
