package io.lynx.redis.test;

import io.lynx.testkit.ServerExtension;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a class with {@link WithRedis} a prefix of keys. Stateless. */
final class RedisExtension extends ServerExtension<TestRedis> {
    RedisExtension() {
        super(TestRedis.class, "redis");
    }

    @Override
    protected @Nullable String name(Class<?> test) {
        WithRedis annotation = test.getAnnotation(WithRedis.class);
        return annotation == null ? null : annotation.value();
    }

    @Override
    protected TestRedis create(Class<?> test) {
        return TestRedis.prefixFor(test);
    }

    @Override
    protected Map<String, String> settings(TestRedis part) {
        return Map.of("nodes", part.address(), "key_prefix", part.prefix());
    }
}
