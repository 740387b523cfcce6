package io.lynx.redis.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives a test class a prefix of keys of its own on a Redis that all tests of the JVM share. While the class runs, the Redis of that name
 * is configured by system properties, so that a whole application in the test uses it; methods may take a {@link TestRedis} as parameter.
 * Write it above {@code @ExtendWith(LynxExtension.class)}. Classes with it do not run beside each other.
 *
 * <pre>{@code
 * @WithRedis
 * @ExtendWith(LynxExtension.class)
 * class ProductsTest {
 *     static final LynxTest lynx = LynxTest.application(Main::plugins).build();
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(RedisExtension.class)
@ResourceLock("io.lynx.redis.test.WithRedis")
public @interface WithRedis {
    /** The name of the Redis, as in {@code lynx.redis.<name>}; empty for the one without a name. */
    String value() default "";
}
