package io.lynx.redis.test;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Chooses the prefix of a class with {@link WithRedis}, and sets and restores the system properties. Stateless. */
final class RedisExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RedisExtension.class);
    private static final String REDIS = "redis";
    private static final String BEFORE = "before";

    RedisExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        WithRedis annotation = test.getAnnotation(WithRedis.class);
        if (annotation == null) {
            return; // A nested class uses the prefix of the one around it.
        }
        TestRedis redis = TestRedis.prefixFor(test);
        String section = annotation.value().isEmpty() ? "lynx.redis." : "lynx.redis." + annotation.value() + ".";
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        Map.of("nodes", redis.address(), "key_prefix", redis.prefix())
                .forEach((key, value) -> before.put(section + key, System.setProperty(section + key, value)));
        context.getStore(NAMESPACE).put(REDIS, redis);
        context.getStore(NAMESPACE).put(BEFORE, before);
    }

    @Override
    @SuppressWarnings("unchecked") // What beforeAll has put there.
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getAnnotation(WithRedis.class) == null) {
            return;
        }
        Map<String, @Nullable String> before = context.getStore(NAMESPACE).remove(BEFORE, Map.class);
        TestRedis redis = context.getStore(NAMESPACE).remove(REDIS, TestRedis.class);
        if (before != null) {
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestRedis.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).get(REDIS, TestRedis.class);
    }
}
