package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.recovery.Classification;
import io.lynx.redis.Cache;
import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisLocks;
import io.lynx.redis.RedisOutageException;
import io.lynx.redis.RedisPlugin;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** A server that answers, and refuses to write: it cannot save its data, is a replica, or has no memory. */
class RedisRefusalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path data;

    private static RedisServer server;

    private LynxTest lynx;
    private UnifiedJedis redis;

    /** Why a server refuses to write; the name is what its answers begin with. */
    enum Reason {
        MISCONF {
            @Override
            void begin() throws IOException {
                // What should be replaced by the file cannot be: also root cannot do that.
                boolean _ = Files.deleteIfExists(data.resolve("dump.rdb"));
                Path _ = Files.createDirectory(data.resolve("dump.rdb"));
                Object _ = server.command("BGSAVE");
                Await.until(
                        "saving has failed",
                        PATIENCE,
                        () -> catchThrowable(() -> server.command("SET", "a", "1")) instanceof JedisDataException);
            }

            @Override
            void end() throws IOException {
                Files.delete(data.resolve("dump.rdb"));
                Object _ = server.command("BGSAVE");
            }
        },
        READONLY {
            @Override
            void begin() {
                Object _ = server.command("REPLICAOF", "127.0.0.1", "1");
            }

            @Override
            void end() {
                Object _ = server.command("REPLICAOF", "NO", "ONE");
            }
        },
        OOM {
            @Override
            void begin() {
                Object _ = server.command("CONFIG", "SET", "maxmemory", "1");
            }

            @Override
            void end() {
                Object _ = server.command("CONFIG", "SET", "maxmemory", "0");
            }
        };

        abstract void begin() throws IOException;

        abstract void end() throws IOException;
    }

    @BeforeAll
    static void createServer() throws IOException {
        server = RedisServer.create("--dir", data.toString(), "--save", "3600 1");
        server.start();
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        server.close();
    }

    @BeforeEach
    void start() {
        lynx = TestApplications.patient(LynxTest.of(new RedisPlugin()))
                .with("lynx.redis.nodes", server.address())
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.health_check.failure_threshold", "1")
                .start();
        redis = lynx.resource(RedisPlugin.key());
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private void awaitHealth(HealthStatus status, String text) {
        Await.until(status + " " + text, PATIENCE, () -> {
            Health last = lynx.application()
                    .health()
                    .snapshot()
                    .check("redis")
                    .orElseThrow()
                    .last();
            return last != null && last.status() == status && last.toString().contains(text);
        });
    }

    private CircuitBreakerState breaker() {
        return lynx.application()
                .breakers()
                .find("redis")
                .map(CircuitBreaker::state)
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void readsGoOnAndWritesFailAsInAnOutageUntilItIsOver(Reason reason) throws IOException {
        Cache<Long, String> names =
                lynx.resource(RedisPlugin.caches()).cache("names", String.class).loadedBy((Long id) -> "name " + id);
        RedisLocks locks = lynx.resource(RedisPlugin.locks());
        String _ = redis.set("known", "1");
        reason.begin();
        try {
            for (int i = 0; i < 10; i++) {
                Throwable failure = catchThrowable(() -> redis.set("other", "2"));

                assertThat(failure).isInstanceOf(RedisOutageException.class).hasMessageStartingWith(reason.name());
                assertThat(Classification.isExternal(failure)).isTrue();
            }
            assertThatThrownBy(() -> locks.tryAcquire("work", Duration.ofSeconds(1)))
                    .isInstanceOf(RedisOutageException.class)
                    .hasMessageContaining(reason.name());

            assertThat(redis.get("known")).isEqualTo("1");
            assertThat(names.get(7L)).isEqualTo(Optional.of("name 7"));
            assertThat(lynx.resource(RedisPlugin.channels()).publish("news", "text"))
                    .isZero();
            assertThat(breaker()).isEqualTo(CircuitBreakerState.CLOSED);
            awaitHealth(HealthStatus.DEGRADED, "refuses writes: " + reason);
            assertThat(redis.get("known")).isEqualTo("1");
        } finally {
            reason.end();
        }
        awaitHealth(HealthStatus.UP, "");
        assertThat(redis.set("other", "2")).isEqualTo("OK");
        try (RedisLock lock = locks.tryAcquire("work", Duration.ofSeconds(1)).orElseThrow()) {
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void aLockThatCannotBeRenewedIsLostAndALeaseEndsWithItsTerm() throws Exception {
        LeaseBackend leases = lynx.resource(LeaseBackend.key("redis"));
        Duration second = Duration.ofSeconds(1);
        AtomicInteger lost = new AtomicInteger();
        RedisLock lock =
                lynx.resource(RedisPlugin.locks()).tryAcquire("saved", second).orElseThrow();
        lock.onLost(lost::incrementAndGet);
        Duration minute = Duration.ofMinutes(1);
        Lease first = ((LeaseAnswer.Granted) leases.acquire("saved", "a", second)).lease();
        Lease longer = ((LeaseAnswer.Granted) leases.acquire("saved-longer", "a", minute)).lease();
        Reason.MISCONF.begin();
        try {
            assertThatThrownBy(() -> leases.renew(longer, minute)).isInstanceOf(RedisOutageException.class);
            Await.until("the lock is lost", PATIENCE, () -> lost.get() == 1);
        } finally {
            Reason.MISCONF.end();
        }

        Await.asserted("another one leads", PATIENCE, () -> assertThat(leases.acquire("saved", "b", second))
                .isInstanceOfSatisfying(
                        LeaseAnswer.Granted.class,
                        granted -> assertThat(granted.lease().token()).isGreaterThan(first.token())));
    }

    @Test
    void aLeaderAndTheHolderOfALockGoOnWithoutMemory() throws Exception {
        LeaseBackend leases = lynx.resource(LeaseBackend.key("redis"));
        Duration minute = Duration.ofMinutes(1);
        Lease lease = ((LeaseAnswer.Granted) leases.acquire("memory", "a", minute)).lease();
        try (RedisLock lock = lynx.resource(RedisPlugin.locks())
                .tryAcquire("memory", Duration.ofSeconds(3))
                .orElseThrow()) {
            Reason.OOM.begin();
            try {
                assertThat(leases.renew(lease, minute)).isTrue();
                AtomicLong least = new AtomicLong(Long.MAX_VALUE);
                Await.until("the lock was renewed", PATIENCE, () -> {
                    long left = (long) Objects.requireNonNull(server.command("PTTL", "lock:{memory}"));
                    return left > least.getAndAccumulate(left, Math::min);
                });
                assertThat(lock.isHeld()).isTrue();
                leases.release(lease);
                assertThat(leases.renew(lease, minute)).isFalse();
            } finally {
                Reason.OOM.end();
            }
        }
    }
}
