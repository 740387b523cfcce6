package io.lynx.kafka.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives a test class a prefix of topics and groups of its own on a Kafka that all tests of the JVM share. While the class runs, the Kafka of
 * that name is configured by system properties, so that a whole application in the test uses it; methods may take a {@link TestKafka} as
 * parameter. Write it above {@code @ExtendWith(LynxExtension.class)}. Classes with it do not run beside each other.
 *
 * <pre>{@code
 * @WithKafka
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
@ExtendWith(KafkaExtension.class)
@ResourceLock("io.lynx.kafka.test.WithKafka")
public @interface WithKafka {
    /** The name of the Kafka, as in {@code lynx.kafka.<name>}; empty for the one without a name. */
    String value() default "";
}
