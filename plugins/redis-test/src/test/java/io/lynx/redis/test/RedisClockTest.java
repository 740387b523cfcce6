package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthStatus;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisLocks;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A server whose clock jumps, by the library of faketime: in the long form. */
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
class RedisClockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path LIBRARIES = Path.of("/usr/lib");

    @TempDir
    private Path folder;

    private final List<String> journal = new CopyOnWriteArrayList<>();
    private RedisServer server;

    /** A candidate for the leadership {@code report}. */
    private final class Reporter implements Plugin {
        private volatile @Nullable Leadership leadership;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("reporter").requires("redis").build();
        }

        @Override
        public void start(PluginContext context) {
            leadership = context.leadership("report")
                    .onGained(_ -> journal.add("gained"))
                    .onLost(_ -> journal.add("lost"));
        }

        FencingToken awaitToken(long after) {
            Leadership mine = Objects.requireNonNull(leadership);
            Await.until("it is the leader", PATIENCE, () -> mine.token()
                    .filter(token -> token.value() > after)
                    .isPresent());
            return mine.token().orElseThrow();
        }
    }

    private static Path library() throws IOException {
        try (Stream<Path> found =
                Files.find(LIBRARIES, 4, (path, _) -> path.endsWith(Path.of("faketime", "libfaketime.so.1")))) {
            return found.findFirst()
                    .orElseThrow(() -> new IllegalStateException("faketime is not installed: no libfaketime.so.1 below "
                            + LIBRARIES + "; install it (on Debian: apt-get install faketime)"));
        }
    }

    private void setClock(String offset) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), offset + "\n");
        Path _ = Files.move(
                next, folder.resolve("clock"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @BeforeEach
    void startServer() throws IOException {
        setClock("+0");
        server = RedisServer.create(Map.of(
                // The allocator of Redis reads the time before the library is ready; that of libc does not.
                "LD_PRELOAD",
                library() + " libc.so.6",
                "FAKETIME_TIMESTAMP_FILE",
                folder.resolve("clock").toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"));
        server.start();
    }

    @AfterEach
    void closeServer() throws InterruptedException {
        server.close();
    }

    private LynxTest start(Plugin... others) {
        return LynxTest.application(app -> {
                    var _ = app.discoverPlugins(false).plugin(new RedisPlugin());
                    for (Plugin each : others) {
                        var _ = app.plugin(each);
                    }
                })
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .with("lynx.redis.nodes", server.address())
                .with("lynx.leadership.report.lease", "3s")
                .with("lynx.leadership.report.poll_interval", "200ms")
                .with("lynx.health_check.interval", "500ms")
                .start();
    }

    @Test
    void locksAndLeasesEndEarlyAndTokensKeepTheirEarlierHoldersOut() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        Duration lease = Duration.ofSeconds(6);
        AtomicInteger lost = new AtomicInteger();
        try (LynxTest one = start();
                LynxTest other = start()) {
            LeaseBackend leases = one.resource(LeaseBackend.key("redis"));
            RedisLocks locks = other.resource(RedisPlugin.locks());
            Lease first = ((LeaseAnswer.Granted) leases.acquire("clock", "a", minute)).lease();
            RedisLock held =
                    one.resource(RedisPlugin.locks()).tryAcquire("clock", lease).orElseThrow();
            held.onLost(lost::incrementAndGet);
            assertThat(locks.tryAcquire("clock", lease)).isEmpty();

            setClock("+1h");

            RedisLock next = locks.tryAcquire("clock", lease).orElseThrow();
            assertThat(next.token()).isGreaterThan(held.token());
            assertThat(leases.renew(first, minute)).isFalse();
            Lease second = ((LeaseAnswer.Granted) leases.acquire("clock", "b", minute)).lease();
            assertThat(second.token()).isGreaterThan(first.token());
            Await.until("the earlier holder notices its loss", PATIENCE, () -> lost.get() == 1);
            assertThat(held.isHeld()).isFalse();
            assertThat(next.isHeld()).isTrue();
            next.close();

            setClock("+0");

            assertThat(locks.tryAcquire("clock", lease).orElseThrow().token()).isGreaterThan(next.token());
            Await.asserted("the lease that would last an hour more has ended", PATIENCE, () -> assertThat(
                            leases.acquire("clock", "c", minute))
                    .isInstanceOfSatisfying(
                            LeaseAnswer.Granted.class,
                            granted -> assertThat(granted.lease().token()).isGreaterThan(second.token())));
        }
    }

    @Test
    void aLeaderLosesItsTermAndLeadsAgainWithALargerToken() throws Exception {
        Reporter reporter = new Reporter();
        try (LynxTest lynx = start(reporter)) {
            FencingToken before = reporter.awaitToken(0);

            setClock("+1h");

            FencingToken after = reporter.awaitToken(before.value());
            Await.asserted("the plugin is notified", PATIENCE, () -> assertThat(journal)
                    .startsWith("gained", "lost", "gained"));
            assertThat(after.value())
                    .isGreaterThan(before.value() + Duration.ofMinutes(59).toMillis());
            assertThat(lynx.application()
                            .health()
                            .snapshot()
                            .check("redis")
                            .orElseThrow()
                            .status())
                    .isEqualTo(HealthStatus.UP);
        }
    }
}
