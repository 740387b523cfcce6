/** Redis for tests of services that use it. */
@org.jspecify.annotations.NullMarked
module io.lynx.redis.test {
    requires transitive io.lynx.testkit;
    requires transitive redis.clients.jedis;
    requires static com.google.errorprone.annotations;
    requires static org.junit.jupiter.api;

    exports io.lynx.redis.test;
}
