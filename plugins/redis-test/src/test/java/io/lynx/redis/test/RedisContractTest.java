package io.lynx.redis.test;

import io.lynx.plugin.Plugin;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.StablePort;
import io.lynx.testkit.SystemPluginContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

/** The contract of plugins for external systems, kept by the plugin for Redis in front of a real server. */
class RedisContractTest extends SystemPluginContract {
    private static final String USER = "contract";
    private static final String FIRST = "first-of-contract";
    private static final String SECOND = "second-of-contract";

    private static RedisServer server;
    private static LoopbackCertificate certificate;
    private static int tlsPort;

    @BeforeAll
    static void createServer(@TempDir Path folder) throws Exception {
        certificate = LoopbackCertificate.make(folder);
        tlsPort = StablePort.find();
        server = RedisServer.create(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-ca-cert-file",
                certificate.certificate().toString(),
                "--tls-auth-clients",
                "yes");
        server.start();
        setPassword(FIRST);
    }

    @AfterAll
    static void closeServer() throws InterruptedException {
        server.close();
    }

    private static void setPassword(String password) {
        Object _ = server.command("ACL", "SETUSER", USER, "on", "resetpass", ">" + password, "~*", "&*", "+@all");
        Object _ = server.command("ACL", "SAVE");
    }

    @Override
    protected ExternalServer server() {
        return server;
    }

    @Override
    protected String family() {
        return "redis";
    }

    @Override
    protected Plugin plugin(String name) {
        return new RedisPlugin(name);
    }

    @Override
    protected Map<String, String> configuration() {
        return Map.of(
                "nodes", "[\"" + server.address() + "\"]",
                "user", USER,
                "password", FIRST,
                "pool_size", "4",
                "max_wait", "30s",
                "connect_timeout", "2s",
                "command_timeout", "2s",
                "health_timeout", "1s");
    }

    @Override
    protected LoopbackCertificate certificate() {
        return certificate;
    }

    @Override
    protected Map<String, String> tlsConfiguration() {
        return Map.of("nodes", "[\"localhost:" + tlsPort + "\"]");
    }

    @Override
    protected Map<String, String> spanAttributes() {
        return Map.of(
                "db.system.name", "redis",
                "db.operation.name", "get",
                "server.address", "127.0.0.1",
                "server.port", Integer.toString(server.port()));
    }

    @Override
    protected Map<String, String> wrongCredentials() {
        return Map.of("password", "a-wrong-password");
    }

    @Override
    protected Map<String, String> rotateCredentials() {
        setPassword(SECOND);
        return Map.of("password", SECOND);
    }

    @Override
    protected void restoreCredentials() {
        setPassword(FIRST);
    }

    private static UnifiedJedis client(LynxTest lynx, String name) {
        return lynx.resource(RedisPlugin.key(name));
    }

    @Override
    protected void call(LynxTest lynx, String name) {
        String _ = client(lynx, name).get("item");
    }

    @Override
    protected void rejectedCall(LynxTest lynx, String name) {
        String _ = client(lynx, name).set("text", "not a number");
        long _ = client(lynx, name).incr("text");
    }

    @Override
    protected void slowCall(LynxTest lynx, String name, Duration duration) {
        var _ = client(lynx, name).blpop(duration.toMillis() / 1000.0, "nothing");
    }

    @Override
    protected int slowCallsAtServer() {
        return server.info("blocked_clients");
    }

    @Override
    protected String callMetric() {
        return "lynx_redis_command_duration_seconds";
    }
}
