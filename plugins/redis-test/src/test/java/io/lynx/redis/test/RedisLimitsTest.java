package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.Cache;
import io.lynx.redis.RedisOutageException;
import io.lynx.redis.RedisPlugin;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Servers that have run out of memory or connections, and one that only reads. */
class RedisLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static RedisServer server;

    private LynxTest lynx;
    private UnifiedJedis redis;

    @BeforeAll
    static void createServer() throws IOException {
        server = RedisServer.create();
        server.start();
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        server.close();
    }

    @BeforeEach
    void start() {
        lynx = LynxTest.of(new RedisPlugin())
                .with("lynx.redis.nodes", server.address())
                .with("lynx.redis.connect_timeout", "1s")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.circuit_breaker.breakers.redis.timeout", "200ms")
                .start();
        redis = lynx.resource(RedisPlugin.key());
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private static void set(String name, String value) {
        Object _ = server.command("CONFIG", "SET", name, value);
    }

    private CircuitBreakerState breaker() {
        return lynx.application()
                .breakers()
                .find("redis")
                .map(CircuitBreaker::state)
                .orElseThrow();
    }

    @Test
    void withoutMemoryItStillReadsAndTheCacheStillLoads() {
        Cache<Long, String> names =
                lynx.resource(RedisPlugin.caches()).cache("names", String.class).loadedBy((Long id) -> "name " + id);
        String _ = redis.set("known", "1");
        set("maxmemory", "1");
        try {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> redis.set("other", "2"))
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageStartingWith("OOM");
            }

            assertThat(redis.get("known")).isEqualTo("1");
            assertThat(names.get(7L)).isEqualTo(Optional.of("name 7"));
            assertThat(breaker()).isEqualTo(CircuitBreakerState.CLOSED);
        } finally {
            set("maxmemory", "0");
        }
        assertThat(redis.set("other", "2")).isEqualTo("OK");
    }

    /** One connection is that of the health check, the other one waits. */
    @Test
    void aServerWithoutFreeConnectionsIsNamedAsTheCause() throws Exception {
        try (RedisServer small = RedisServer.create("--maxclients", "2")) {
            small.start();
            try (LynxTest full = LynxTest.of(new RedisPlugin())
                            .with("lynx.redis.nodes", small.address())
                            .start();
                    ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                UnifiedJedis client = full.resource(RedisPlugin.key());
                AtomicBoolean isOver = new AtomicBoolean();
                Future<?> waiting = other.submit(() -> waitUntil(isOver, client));

                Await.asserted("the reason is given", PATIENCE, () -> assertThatThrownBy(() -> client.get("a"))
                        .isInstanceOf(RedisOutageException.class)
                        .hasMessageContaining("max number of clients"));

                isOver.set(true);
                assertThat(waiting.get(30, TimeUnit.SECONDS)).isNull();
                Await.asserted("commands succeed again", PATIENCE, () -> client.get("a"));
            }
        }
    }

    /** Waits for something that never comes; another command may have the connection at first. */
    private static void waitUntil(AtomicBoolean isOver, UnifiedJedis client) {
        while (!isOver.get()) {
            try {
                Object _ = client.blpop(2.0, "nothing");
            } catch (RedisOutageException taken) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aServerThatOnlyReadsIsAnOutageOfWritesUntilItWritesAgain() {
        Object _ = server.command("REPLICAOF", "127.0.0.1", "1");
        try {
            assertThatThrownBy(() -> redis.set("other", "2"))
                    .isInstanceOf(RedisOutageException.class)
                    .hasMessageContaining("READONLY");
        } finally {
            Object _ = server.command("REPLICAOF", "NO", "ONE");
        }
        Await.asserted("writes succeed again", PATIENCE, () -> redis.set("other", "2"));
    }
}
