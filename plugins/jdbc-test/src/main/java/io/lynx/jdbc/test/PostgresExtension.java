package io.lynx.jdbc.test;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes the schema of a class with {@link WithPostgres}, and sets and restores the system properties. Stateless. */
final class PostgresExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);
    private static final String DATABASE = "database";
    private static final String BEFORE = "before";

    PostgresExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        WithPostgres annotation = test.getAnnotation(WithPostgres.class);
        if (annotation == null) {
            return; // A nested class uses the schema of the one around it.
        }
        Postgres database = Postgres.schemaFor(test);
        String prefix = annotation.value().isEmpty() ? "lynx.jdbc." : "lynx.jdbc." + annotation.value() + ".";
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        Map.of("url", database.url(), "user", database.user(), "password", database.password())
                .forEach((key, value) -> before.put(prefix + key, System.setProperty(prefix + key, value)));
        context.getStore(NAMESPACE).put(DATABASE, database);
        context.getStore(NAMESPACE).put(BEFORE, before);
    }

    @Override
    @SuppressWarnings("unchecked") // What beforeAll has put there.
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getAnnotation(WithPostgres.class) == null) {
            return;
        }
        Map<String, @Nullable String> before = context.getStore(NAMESPACE).remove(BEFORE, Map.class);
        Postgres database = context.getStore(NAMESPACE).remove(DATABASE, Postgres.class);
        if (before != null) {
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
        if (database != null) {
            database.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Postgres.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).get(DATABASE, Postgres.class);
    }
}
