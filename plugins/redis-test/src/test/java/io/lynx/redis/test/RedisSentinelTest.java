package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.StablePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.UnifiedJedis;

/** A master and its replica, watched by one sentinel. */
class RedisSentinelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** What happens while the sentinel watches. */
    @FunctionalInterface
    private interface Story {
        void tell(RedisServer master, RedisServer replica, LynxTest lynx) throws Exception;
    }

    @Test
    void followsAFailover() throws Exception {
        watched(RedisSentinelTest::failOver);
    }

    /** The replica has lost its master before the lease was granted. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    void leaseThatAFailoverLosesIsFollowedByALargerToken() throws Exception {
        watched((master, replica, lynx) -> {
            LeaseBackend leases = lynx.resource(LeaseBackend.key("redis"));
            Duration minute = Duration.ofMinutes(1);
            Object _ = replica.command("CONFIG", "SET", "masteruser", "nobody", "masterauth", "wrong");
            Object _ = master.command("CLIENT", "KILL", "TYPE", "replica");
            Await.until("the replica has lost its master", PATIENCE, () -> replication(replica)
                    .contains("master_link_status:down"));
            LeaseAnswer.Granted first = (LeaseAnswer.Granted) leases.acquire("report", "a", minute);

            master.kill();

            Await.asserted("the lease is granted by the replica", PATIENCE, () -> {
                LeaseAnswer second = leases.acquire("report", "b", minute);
                assertThat(second).isInstanceOf(LeaseAnswer.Granted.class);
                assertThat(((LeaseAnswer.Granted) second).lease().token())
                        .isGreaterThan(first.lease().token());
            });
            assertThat(leases.renew(first.lease(), minute)).isFalse();
        });
    }

    private static String replication(RedisServer server) {
        return server.command("INFO", "replication") instanceof byte[] text
                ? new String(text, StandardCharsets.UTF_8)
                : "";
    }

    private void watched(Story story) throws Exception {
        try (RedisServer master = RedisServer.create()) {
            master.start();
            try (RedisServer replica = RedisServer.create(
                    "--replicaof", "127.0.0.1 " + master.port(), "--repl-diskless-sync-delay", "0")) {
                replica.start();
                Await.until(
                        "the replica is in step",
                        PATIENCE,
                        () -> master.info("connected_slaves") == 1
                                && replication(replica).contains("master_link_status:up"));
                int port = StablePort.find();
                Process sentinel = sentinel(master, port);
                try (LynxTest lynx = start(port)) {
                    story.tell(master, replica, lynx);
                } finally {
                    boolean _ = sentinel.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    private Process sentinel(RedisServer master, int port) throws Exception {
        Path file = folder.resolve("sentinel.conf");
        Files.writeString(file, """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor main 127.0.0.1 %d 1
                sentinel down-after-milliseconds main 1000
                sentinel failover-timeout main 10000
                """.formatted(port, folder, master.port()));
        Process sentinel = new ProcessBuilder("redis-server", file.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sentinel.log").toFile())
                .start();
        Await.asserted("the sentinel knows the replica", PATIENCE, () -> {
            try (Connection connection = new Connection(new HostAndPort("127.0.0.1", port))) {
                connection.sendCommand(Protocol.Command.SENTINEL, "REPLICAS", "main");
                assertThat(connection.getObjectMultiBulkReply()).hasSize(1);
            }
        });
        return sentinel;
    }

    private static LynxTest start(int port) {
        return LynxTest.of(new RedisPlugin())
                .with("lynx.redis.mode", "sentinel")
                .with("lynx.redis.nodes", "127.0.0.1:" + port)
                .with("lynx.redis.master", "main")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.circuit_breaker.breakers.redis.timeout", "1s")
                .start();
    }

    private static void failOver(RedisServer master, RedisServer replica, LynxTest lynx) throws Exception {
        UnifiedJedis client = lynx.resource(RedisPlugin.key());
        // On a busy machine the sentinel may have failed over once already.
        Await.asserted("there is a master", PATIENCE, () -> assertThat(client.set("a", "before"))
                .isEqualTo("OK"));

        master.kill();

        Await.asserted("the replica is the master", PATIENCE, () -> assertThat(client.set("a", "after"))
                .isEqualTo("OK"));
        assertThat(client.get("a")).isEqualTo("after");
        assertThat(replica.command("GET", "a")).isEqualTo("after".getBytes(StandardCharsets.UTF_8));
    }
}
