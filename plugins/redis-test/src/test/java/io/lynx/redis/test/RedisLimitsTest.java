package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.redis.RedisOutageException;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** A server that has run out of connections. */
class RedisLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One connection is that of the health check, the other one waits. */
    @Test
    void aServerWithoutFreeConnectionsIsNamedAsTheCause() throws Exception {
        try (RedisServer small = RedisServer.create("--maxclients", "2")) {
            small.start();
            try (LynxTest full = LynxTest.of(new RedisPlugin())
                            .with("lynx.redis.nodes", small.address())
                            .with("lynx.health_check.interval", "500ms")
                            .with("lynx.health_check.failure_threshold", "1")
                            .start();
                    ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                UnifiedJedis client = full.resource(RedisPlugin.key());
                AtomicBoolean isOver = new AtomicBoolean();
                Future<?> waiting = other.submit(() -> waitUntil(isOver, client));

                Await.asserted("the reason is given", PATIENCE, () -> assertThatThrownBy(() -> client.get("a"))
                        .isInstanceOf(RedisOutageException.class)
                        .hasMessageContaining("max number of clients"));
                Await.until("health names the reason", PATIENCE, () -> {
                    Health last = check(full).last();
                    return last != null
                            && last.status() == HealthStatus.DEGRADED
                            && last.toString().contains("refuses connections: ERR max number of clients");
                });

                isOver.set(true);
                assertThat(waiting.get(30, TimeUnit.SECONDS)).isNull();
                Await.asserted("commands succeed again", PATIENCE, () -> client.get("a"));
                Await.until("health is up again", PATIENCE, () -> check(full).status() == HealthStatus.UP);
            }
        }
    }

    private static CheckReport check(LynxTest lynx) {
        return lynx.application().health().snapshot().check("redis").orElseThrow();
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
}
