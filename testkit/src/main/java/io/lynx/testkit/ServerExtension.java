package io.lynx.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The base of JUnit extensions that give a test class its part of a {@link SharedServer}, such as a schema of its own. While the class
 * runs, system properties configure the plugin; methods may take the part as a parameter. A nested class uses the part of the class
 * around it. Stateless.
 *
 * @param <P> the part of the server
 */
public abstract class ServerExtension<P extends AutoCloseable>
        implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final String PART = "part";
    private static final String BEFORE = "before";

    private final Class<P> type;
    private final String family;
    private final Namespace namespace;

    /**
     * Creates it.
     *
     * @param type of the part
     * @param family of the plugin, such as {@code jdbc}: the section is {@code lynx.jdbc} or {@code lynx.jdbc.<name>}
     */
    protected ServerExtension(Class<P> type, String family) {
        this.type = type;
        this.family = family;
        this.namespace = Namespace.create(getClass());
    }

    /** Returns the name of the plugin that the annotation of the class gives, which may be empty; null if it has no such annotation. */
    protected abstract @Nullable String name(Class<?> test);

    /** Creates the part for a class. */
    protected abstract P create(Class<?> test);

    /** Returns the keys below the section that lead to the part. */
    protected abstract Map<String, String> settings(P part);

    @Override
    public final void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        String name = name(test);
        if (name == null) {
            return;
        }
        P part = create(test);
        String section = "lynx." + family + "." + (name.isEmpty() ? "" : name + ".");
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        settings(part).forEach((key, value) -> before.put(section + key, System.setProperty(section + key, value)));
        context.getStore(namespace).put(PART, part);
        context.getStore(namespace).put(BEFORE, before);
    }

    @Override
    @SuppressWarnings("unchecked") // What beforeAll has put there.
    public final void afterAll(ExtensionContext context) throws Exception {
        if (name(context.getRequiredTestClass()) == null) {
            return;
        }
        Map<String, @Nullable String> before = context.getStore(namespace).remove(BEFORE, Map.class);
        P part = context.getStore(namespace).remove(PART, type);
        if (before != null) {
            before.forEach((key, value) -> {
                if (value == null) {
                    String _ = System.clearProperty(key);
                } else {
                    String _ = System.setProperty(key, value);
                }
            });
        }
        if (part != null) {
            part.close();
        }
    }

    @Override
    public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public final @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(namespace).get(PART, type);
    }
}
