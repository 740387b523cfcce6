package io.lynx.kafka.test;

import io.lynx.testkit.ServerExtension;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a class with {@link WithKafka} a prefix of topics. Stateless. */
final class KafkaExtension extends ServerExtension<TestKafka> {
    KafkaExtension() {
        super(TestKafka.class, "kafka");
    }

    @Override
    protected @Nullable String name(Class<?> test) {
        WithKafka annotation = test.getAnnotation(WithKafka.class);
        return annotation == null ? null : annotation.value();
    }

    @Override
    protected TestKafka create(Class<?> test) {
        return TestKafka.prefixFor(test);
    }

    @Override
    protected Map<String, String> settings(TestKafka part) {
        return Map.of("servers", part.address(), "topic_prefix", part.prefix());
    }
}
