package io.lynx.jdbc.test;

import io.lynx.testkit.ServerExtension;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a class with {@link WithPostgres} a schema. Stateless. */
final class PostgresExtension extends ServerExtension<Postgres> {
    PostgresExtension() {
        super(Postgres.class, "jdbc");
    }

    @Override
    protected @Nullable String name(Class<?> test) {
        WithPostgres annotation = test.getAnnotation(WithPostgres.class);
        return annotation == null ? null : annotation.value();
    }

    @Override
    protected Postgres create(Class<?> test) {
        return Postgres.schemaFor(test);
    }

    @Override
    protected Map<String, String> settings(Postgres part) {
        return Map.of("url", part.url(), "user", part.user(), "password", part.password());
    }
}
