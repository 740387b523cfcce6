package io.lynx.kafka.test;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Chooses the prefix of a class with {@link WithKafka}, and sets and restores the system properties. Stateless. */
final class KafkaExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);
    private static final String KAFKA = "kafka";
    private static final String BEFORE = "before";

    KafkaExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        WithKafka annotation = test.getAnnotation(WithKafka.class);
        if (annotation == null) {
            return; // A nested class uses the prefix of the one around it.
        }
        TestKafka kafka = TestKafka.prefixFor(test);
        String section = annotation.value().isEmpty() ? "lynx.kafka." : "lynx.kafka." + annotation.value() + ".";
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        Map.of("servers", kafka.address(), "topic_prefix", kafka.prefix())
                .forEach((key, value) -> before.put(section + key, System.setProperty(section + key, value)));
        context.getStore(NAMESPACE).put(KAFKA, kafka);
        context.getStore(NAMESPACE).put(BEFORE, before);
    }

    @Override
    @SuppressWarnings("unchecked") // What beforeAll has put there.
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getAnnotation(WithKafka.class) == null) {
            return;
        }
        Map<String, @Nullable String> before = context.getStore(NAMESPACE).remove(BEFORE, Map.class);
        TestKafka kafka = context.getStore(NAMESPACE).remove(KAFKA, TestKafka.class);
        if (before != null) {
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestKafka.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).get(KAFKA, TestKafka.class);
    }
}
