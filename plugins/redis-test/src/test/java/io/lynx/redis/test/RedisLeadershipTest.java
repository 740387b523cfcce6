package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@WithRedis
class RedisLeadershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> journal = new CopyOnWriteArrayList<>();

    /** A candidate for the leadership {@code report}. */
    private final class Reporter implements Plugin {
        private final String name;
        private volatile @Nullable Leadership leadership;

        Reporter(String name) {
            this.name = name;
        }

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("reporter").requires("redis").build();
        }

        @Override
        public void start(PluginContext context) {
            leadership = context.leadership("report")
                    .onGained(token -> journal.add(name + " gained"))
                    .onLost(token -> journal.add(name + " lost"));
        }

        Leadership leadership() {
            return Objects.requireNonNull(leadership);
        }

        FencingToken token() {
            return leadership().token().orElseThrow();
        }
    }

    private static LynxTest start(Reporter reporter, String... settings) {
        LynxTest.Builder building = LynxTest.application(app ->
                        app.discoverPlugins(false).plugin(new RedisPlugin()).plugin(reporter))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .with("lynx.leadership.report.lease", "3s")
                .with("lynx.leadership.report.poll_interval", "200ms");
        for (int i = 0; i < settings.length; i += 2) {
            building = building.with(settings[i], settings[i + 1]);
        }
        return building.start();
    }

    @Test
    void nextInstanceTakesOverAtTheShutdownAndAfterALossOfData() {
        Reporter first = new Reporter("first");
        Reporter second = new Reporter("second");
        FencingToken before;
        try (LynxTest one = start(first)) {
            Await.until("the first is the leader", PATIENCE, () -> first.leadership()
                    .isLeader());
            before = first.token();
            try (LynxTest other = start(second)) {
                assertThat(second.leadership().isLeader()).isFalse();
                one.close();
                Await.until("the second is the leader", PATIENCE, () -> second.leadership()
                        .isLeader());
                FencingToken after = second.token();
                assertThat(after.value()).isGreaterThan(before.value());

                Object _ = TestRedis.server().command("FLUSHALL");
                Await.until("the loss is noticed", PATIENCE, () -> journal.contains("second lost"));
                Await.until("it is the leader again", PATIENCE, () -> second.leadership()
                        .token()
                        .filter(token -> token.value() > after.value())
                        .isPresent());
                assertThat(other.metrics().value("lynx_leadership_terms_total", "leadership", "report"))
                        .isGreaterThanOrEqualTo(2);
            }
        }
        assertThat(journal).startsWith("first gained", "first lost", "second gained", "second lost");
    }

    @Test
    void leaseHasOneHolder() throws Exception {
        try (LynxTest lynx = TestApplications.start()) {
            LeaseBackend leases = lynx.resource(LeaseBackend.key("redis"));
            Duration minute = Duration.ofMinutes(1);

            LeaseAnswer first = leases.acquire("single", "a", minute);
            assertThat(first).isInstanceOf(LeaseAnswer.Granted.class);
            Lease lease = ((LeaseAnswer.Granted) first).lease();
            assertThat(leases.acquire("single", "b", minute))
                    .isInstanceOfSatisfying(LeaseAnswer.Occupied.class, occupied -> {
                        assertThat(occupied.holder()).isEqualTo("a");
                        assertThat(occupied.remaining()).isBetween(Duration.ofSeconds(20), minute);
                    });
            assertThat(leases.renew(lease, minute)).isTrue();
            assertThat(leases.renew(new Lease("single", "b", lease.token()), minute))
                    .isFalse();
            leases.release(new Lease("single", "b", lease.token()));
            assertThat(leases.renew(lease, minute)).isTrue();
            leases.release(lease);
            assertThat(leases.renew(lease, minute)).isFalse();
        }
    }

    @Test
    void leaseOfADeadHolderEndsAlthoughTheClockOfTheServerHasGoneBack() throws Exception {
        try (LynxTest lynx = TestApplications.start()) {
            LeaseBackend leases = lynx.resource(LeaseBackend.key("redis"));
            Duration minute = Duration.ofMinutes(1);
            Lease first = ((LeaseAnswer.Granted) leases.acquire("clock", "a", minute)).lease();
            String key = TestRedis.server().keys("*leadership:{clock}").getFirst();

            // Redis keeps the instant at which a key expires: an hour back on its clock is an hour more for each.
            Object _ = TestRedis.server().command("PEXPIRE", key, "3660000");
            Object _ = TestRedis.server().command("PEXPIRE", key + ":lease", "3660000");
            LeaseAnswer second = leases.acquire("clock", "b", minute);

            assertThat(second).isInstanceOfSatisfying(LeaseAnswer.Granted.class, granted -> assertThat(
                            granted.lease().token())
                    .isGreaterThan(first.token()));
            assertThat(leases.renew(first, minute)).isFalse();
            assertThat(leases.acquire("clock", "c", Duration.ofSeconds(1)))
                    .as("a shorter lease of its own does not end that of another")
                    .isInstanceOf(LeaseAnswer.Occupied.class);
        }
    }

    @Test
    void leaderEndsItsTermWhileRedisHangsAndOneLeadsAgainWhenItAnswers() throws Exception {
        try (RedisServer server = RedisServer.create()) {
            server.start();
            Reporter reporter = new Reporter("only");
            try (LynxTest _ = start(reporter, "lynx.redis.nodes", server.address())) {
                Await.until("it is the leader", PATIENCE, () -> journal.contains("only gained"));
                FencingToken before = reporter.token();

                server.freeze();
                Await.until("the term ends", PATIENCE, () -> journal.contains("only lost"));
                assertThat(reporter.leadership().isLeader()).isFalse();
                server.thaw();

                Await.until("it is the leader again", PATIENCE, () -> reporter.leadership()
                        .token()
                        .filter(token -> token.value() > before.value())
                        .isPresent());
            }
        }
    }

    @Test
    void leaderWhoseRedisWasRestartedWithoutItsDataHasALargerToken() throws Exception {
        try (RedisServer server = RedisServer.create()) {
            server.start();
            Reporter reporter = new Reporter("only");
            try (LynxTest _ = start(reporter, "lynx.redis.nodes", server.address())) {
                Await.until("it is the leader", PATIENCE, () -> journal.contains("only gained"));
                FencingToken before = reporter.token();

                server.kill();
                server.start();

                Await.until("it is the leader of a later term", PATIENCE, () -> reporter.leadership()
                        .token()
                        .filter(token -> token.value() > before.value())
                        .isPresent());
                Await.until("it was told of both terms", PATIENCE, () -> journal.size() >= 3);
                assertThat(journal).startsWith("only gained", "only lost", "only gained");
            }
        }
    }
}
