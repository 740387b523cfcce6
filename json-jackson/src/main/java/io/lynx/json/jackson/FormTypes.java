package io.lynx.json.jackson;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * Types of the JDK for types of Jackson, whose own toString and equality serve other purposes: a class, or a parameterized type
 * that equals the JDK's.
 */
final class FormTypes {
    private FormTypes() {}

    static Type of(JavaType type) {
        List<Type> arguments = new ArrayList<>();
        if (type.hasGenericTypes()
                && type.getBindings().size() == type.getRawClass().getTypeParameters().length) {
            type.getBindings().getTypeParameters().forEach(argument -> arguments.add(of(argument)));
        }
        return arguments.isEmpty() ? type.getRawClass() : new Parameterized(type.getRawClass(), arguments);
    }

    private record Parameterized(Class<?> raw, List<Type> arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(Type[]::new);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ParameterizedType that
                    && raw.equals(that.getRawType())
                    && Arrays.equals(getActualTypeArguments(), that.getActualTypeArguments());
        }

        /** That of the JDK's own implementation. */
        @Override
        public int hashCode() {
            Class<?> owner = raw.getDeclaringClass();
            return Arrays.hashCode(getActualTypeArguments()) ^ (owner == null ? 0 : owner.hashCode()) ^ raw.hashCode();
        }

        @Override
        public String toString() {
            return raw.getName()
                    + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
        }
    }
}
