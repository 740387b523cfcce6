package io.lynx.jdbc.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives a test class an empty schema on a PostgreSQL server that all tests of the JVM share. While the class runs, the database of that
 * name is configured by system properties, so that a whole application in the test uses it; methods may take a {@link Postgres} as
 * parameter. Write it above {@code @ExtendWith(LynxExtension.class)}. Classes with it do not run beside each other.
 *
 * <pre>{@code
 * @WithPostgres
 * @ExtendWith(LynxExtension.class)
 * class OrdersTest {
 *     static final LynxTest lynx = LynxTest.application(Main::plugins).build();
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(PostgresExtension.class)
@ResourceLock("io.lynx.jdbc.test.WithPostgres")
public @interface WithPostgres {
    /** The name of the database, as in {@code lynx.jdbc.<name>}; empty for the one without a name. */
    String value() default "";
}
