/** Redis: managed connections, caches, locks, publish and subscribe. */
@org.jspecify.annotations.NullMarked
module io.lynx.redis {
    requires transitive io.lynx.core;
    requires transitive redis.clients.jedis;
    requires static com.google.errorprone.annotations;
    requires org.apache.commons.pool2;
    requires jdk.net;

    exports io.lynx.redis;

    provides io.lynx.plugin.PluginFamily with
            io.lynx.redis.RedisFamily;
}
