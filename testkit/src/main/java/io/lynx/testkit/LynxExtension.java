package io.lynx.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Starts and closes the {@link LynxTest} fields of a test class: those that are static once for the class, the others for each
 * test method. A field that holds a test that runs already is left to run and is closed at the end.
 *
 * <pre>{@code
 * @ExtendWith(LynxExtension.class)
 * class OrdersTest {
 *     static final LynxTest lynx = LynxTest.of(new OrdersPlugin()).manualTime().build();
 * }
 * }</pre>
 *
 * <p>Test methods may take a {@link LynxTest}, its {@link HttpClient} and the {@link URI} of its service as parameters. Works with
 * JUnit 5.11 and later, and with JUnit 6. Thread-safe.
 */
public final class LynxExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final String PARAMETERIZED = "org.junit.jupiter.params.ParameterizedTest";

    /** For JUnit, which creates the extension. */
    public LynxExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        fieldsOf(context.getRequiredTestClass(), null).forEach(LynxExtension::start);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        instanceTests(context).forEach(LynxExtension::start);
    }

    private static void start(LynxTest test) {
        if (!test.isRunning()) {
            var _ = test.start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(instanceTests(context));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(fieldsOf(context.getRequiredTestClass(), null));
    }

    /** Closes all, the last first. */
    private static void close(List<LynxTest> tests) {
        AssertionError first = null;
        for (LynxTest test : tests.reversed()) {
            try {
                test.close();
            } catch (AssertionError failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static List<LynxTest> instanceTests(ExtensionContext context) {
        List<LynxTest> tests = new ArrayList<>();
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            tests.addAll(fieldsOf(instance.getClass(), instance));
        }
        return tests;
    }

    /** Returns what the fields hold: those of the instance, or the static ones if there is none. */
    private static List<LynxTest> fieldsOf(Class<?> type, @Nullable Object instance) {
        List<LynxTest> tests = new ArrayList<>();
        for (Field field : ReflectionSupport.findFields(
                type,
                field -> field.getType() == LynxTest.class
                        && Modifier.isStatic(field.getModifiers()) == (instance == null),
                HierarchyTraversalMode.TOP_DOWN)) {
            if (read(field, instance) instanceof LynxTest test) {
                tests.add(test);
            }
        }
        return tests;
    }

    private static @Nullable Object read(Field field, @Nullable Object instance) {
        try {
            field.setAccessible(true);
            return field.get(instance);
        } catch (ReflectiveOperationException | RuntimeException unreadable) {
            throw new IllegalStateException(
                    "field " + field + ": cannot be read (" + unreadable.getMessage()
                            + "); make it package-private or open its package to io.lynx.testkit",
                    unreadable);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        boolean isArgument = Arrays.stream(parameter.getDeclaringExecutable().getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().equals(PARAMETERIZED));
        return type == LynxTest.class || (!isArgument && (type == HttpClient.class || type == URI.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        LynxTest test = theTest(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == LynxTest.class) {
            return test;
        }
        return type == HttpClient.class ? test.http() : test.url();
    }

    private static LynxTest theTest(ExtensionContext context) {
        List<LynxTest> tests = new ArrayList<>();
        if (context.getTestInstances().isPresent()) {
            tests.addAll(instanceTests(context));
        }
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            tests.addAll(fieldsOf(type, null));
        }
        if (tests.size() != 1) {
            throw new ParameterResolutionException(context.getRequiredTestClass()
                            .getName() + ": has " + tests.size() + " fields of the type LynxTest; "
                    + (tests.isEmpty() ? "declare one" : "use the fields instead of a parameter"));
        }
        return tests.getFirst();
    }
}
