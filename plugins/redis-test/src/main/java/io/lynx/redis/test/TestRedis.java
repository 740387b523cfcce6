package io.lynx.redis.test;

import io.lynx.testkit.SharedServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A prefix of keys on the Redis that all tests of this JVM share. The server starts when it is first needed, and stops with the JVM.
 * Immutable and thread-safe.
 */
public final class TestRedis implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final SharedServer<RedisServer> SHARED = new SharedServer<>("Redis", RedisServer::create);

    private final RedisServer server;
    private final String prefix;

    private TestRedis(RedisServer server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /**
     * Returns a prefix that nothing else uses.
     *
     * @param test gives the prefix a part of its name
     * @throws IllegalStateException if Redis is not installed; the message names the package
     */
    public static TestRedis prefixFor(Class<?> test) {
        return new TestRedis(server(), test.getSimpleName() + "-" + NUMBERS.incrementAndGet() + ":");
    }

    /** Returns the server that the tests of this JVM share, started. */
    public static RedisServer server() {
        return SHARED.get();
    }

    /** Returns the address of the server, such as {@code 127.0.0.1:40123}. */
    public String address() {
        return server.address();
    }

    /** Returns what the keys of the test begin with. */
    public String prefix() {
        return prefix;
    }

    /** Returns the keys of the test, without the prefix. */
    public List<String> keys() {
        return all().stream().map(key -> key.substring(prefix.length())).toList();
    }

    private List<String> all() {
        return server.keys(prefix + "*");
    }

    /** Deletes the keys of the test. */
    @Override
    public void close() {
        all().forEach(key -> {
            Object _ = server.command("DEL", key);
        });
    }
}
