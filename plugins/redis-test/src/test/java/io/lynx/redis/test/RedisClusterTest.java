package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.health.HealthStatus;
import io.lynx.redis.Cache;
import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.UnifiedJedis;

/** A cluster of one node, which has all keys. */
class RedisClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static RedisServer node;

    @BeforeAll
    static void startCluster() throws Exception {
        node = RedisServer.create("--cluster-enabled", "yes");
        node.start();
        addSlots();
    }

    private static void addSlots() {
        Object _ = node.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        Await.until(
                "the cluster serves",
                PATIENCE,
                () -> node.command("CLUSTER", "INFO") instanceof byte[] text
                        && new String(text, StandardCharsets.UTF_8).contains("cluster_state:ok"));
    }

    @AfterAll
    static void stopCluster() throws InterruptedException {
        node.close();
    }

    private static LynxTest.Builder application() {
        return LynxTest.of(new RedisPlugin())
                .with("lynx.redis.mode", "cluster")
                .with("lynx.redis.nodes", node.address());
    }

    @Test
    void servesCommandsCachesLocksAndPipelines() {
        try (LynxTest lynx = application().start()) {
            UnifiedJedis client = lynx.resource(RedisPlugin.key());
            assertThat(client.set("a", "1")).isEqualTo("OK");
            assertThat(client.get("a")).isEqualTo("1");
            Cache<Long, String> cache = lynx.resource(RedisPlugin.caches())
                    .cache("texts", String.class)
                    .loadedBy(id -> "text " + id);
            assertThat(cache.get(1L)).contains("text 1");
            assertThat(cache.get(1L)).contains("text 1");
            try (RedisLock lock = lynx.resource(RedisPlugin.locks())
                    .tryAcquire("report", Duration.ofSeconds(10))
                    .orElseThrow()) {
                assertThat(lock.isHeld()).isTrue();
            }
            try (AbstractPipeline pipeline = client.pipelined()) {
                var answer = pipeline.get("a");
                pipeline.sync();
                assertThat(answer.get()).isEqualTo("1");
            }
        }
    }

    @Test
    void aPipelineWithAPrefixOfKeysIsRefused() {
        try (LynxTest lynx = application().with("lynx.redis.key_prefix", "x:").start()) {
            UnifiedJedis client = lynx.resource(RedisPlugin.key());
            assertThat(client.set("a", "1")).isEqualTo("OK");

            assertThatThrownBy(client::pipelined).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void startsWithoutTheClusterAndConnectsLater() throws Exception {
        node.kill();
        try (LynxTest lynx = application()
                .with("lynx.redis.startup", "degrade")
                .with("lynx.health_check.interval", "500ms")
                .start()) {
            assertThatThrownBy(() -> lynx.resource(RedisPlugin.key()).get("a"))
                    .hasMessageContaining("has not connected");

            node.start();
            Await.until(
                    "the plugin is UP",
                    PATIENCE,
                    () -> lynx.application()
                                    .health()
                                    .snapshot()
                                    .check("redis")
                                    .orElseThrow()
                                    .status()
                            == HealthStatus.UP);
            Await.asserted("a command succeeds", PATIENCE, () -> lynx.resource(RedisPlugin.key())
                    .get("a"));
        }
    }
}
