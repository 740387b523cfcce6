package io.lynx.config;

import io.lynx.extension.UserCode;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a section, read from the record that it is bound to. Immutable.
 *
 * @param constructor the canonical constructor
 * @param components in the order of the record
 */
record RecordSchema(Constructor<?> constructor, List<Component> components) {
    /** The kinds of values that a component can have. */
    sealed interface Kind {}

    /** One value. */
    record Single(Scalar scalar) implements Kind {}

    /** A section of its own. */
    record Nested(RecordSchema schema) implements Kind {}

    /** A list. */
    record Many(Kind element) implements Kind {}

    /** A map from names that the user chooses. */
    record Named(Kind element) implements Kind {}

    /** An {@link Optional}. */
    record Maybe(Kind element) implements Kind {}

    /** A key of the section. */
    record Component(
            String key,
            Kind kind,
            @Nullable String defaultText,
            @Nullable String variable,
            String doc,
            boolean isSecret,
            @Nullable Range range,
            boolean isNullable) {
        /**
         * Returns this component as it applies to each item of a list or a map: without the default, which applies to
         * the whole.
         */
        Component element() {
            return new Component(key, kind, null, null, doc, isSecret, range, true);
        }
    }

    /**
     * Returns the structure of {@code type}.
     *
     * @throws IllegalArgumentException if a component has a type that configuration cannot have, or the record cannot
     *     be reached
     */
    static RecordSchema of(Class<? extends Record> type) {
        return of(type, new HashSet<>());
    }

    private static RecordSchema of(Class<?> type, Set<Class<?>> outer) {
        if (!outer.add(type)) {
            throw new IllegalArgumentException(
                    type.getName() + ": contains itself, directly or indirectly; a section must be finite");
        }
        RecordComponent[] all = type.getRecordComponents();
        Class<?>[] types = new Class<?>[all.length];
        List<Component> components = new ArrayList<>(all.length);
        for (int i = 0; i < all.length; i++) {
            types[i] = all[i].getType();
            components.add(component(all[i], outer));
        }
        outer.remove(type);
        return new RecordSchema(constructor(type, types), List.copyOf(components));
    }

    private static Constructor<?> constructor(Class<?> type, Class<?>[] types) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InaccessibleObjectException hidden) {
            throw new IllegalArgumentException(
                    type.getName() + ": not accessible; its module must open " + type.getPackageName()
                            + " to io.lynx.core, or export it with the record public",
                    hidden);
        }
    }

    private static Component component(RecordComponent component, Set<Class<?>> outer) {
        String key = snakeCase(component.getName());
        @Nullable String defaultText = null;
        @Nullable String variable = null;
        String doc = "";
        boolean isSecret = false;
        @Nullable Range range = null;
        for (Annotation annotation : component.getAnnotations()) {
            switch (annotation) {
                case Default text -> defaultText = text.value();
                case Doc text -> doc = text.value();
                case Env name -> variable = name.value();
                case Key name -> key = name.value();
                case Secret secret -> isSecret = true;
                case Range allowed -> range = allowed;
                default -> {}
            }
        }
        Kind kind = kind(component, component.getGenericType(), outer);
        return new Component(
                key,
                kind,
                defaultText,
                variable,
                doc,
                isSecret || Masking.isSecretName(key),
                range,
                defaultText == null && isNullable(component));
    }

    private static boolean isNullable(RecordComponent component) {
        return !component.getType().isPrimitive()
                && component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Kind kind(RecordComponent component, Type type, Set<Class<?>> outer) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return new Maybe(kind(component, arguments[0], outer));
            }
            if (generic.getRawType() == List.class) {
                return new Many(kind(component, arguments[0], outer));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new Named(kind(component, arguments[1], outer));
            }
        } else if (type instanceof Class<?> plain) {
            Scalar scalar = Scalar.of(plain);
            if (scalar != null) {
                return new Single(scalar);
            }
            if (plain.isRecord()) {
                return new Nested(of(plain, outer));
            }
        }
        throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + component.getName() + ": "
                + type.getTypeName() + " cannot be configured; text, boolean, int, long, double, Duration, Size, Path,"
                + " URI, an enum, a record, a type with a static parse(String) or of(String), or a List, Optional or"
                + " Map<String, …> of these");
    }

    /** Returns the value of a component of {@code record}, which {@link #create} made. */
    static @Nullable Object value(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " cannot be read", impossible);
        }
    }

    /** Returns a name in snake_case: {@code maxErrorHistory} becomes {@code max_error_history}. */
    static String snakeCase(String name) {
        StringBuilder key = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                key.append('_');
            }
            key.append(Character.toLowerCase(c));
        }
        return key.toString();
    }

    /** Returns the keys, in the order of the record. */
    List<String> keys() {
        List<String> keys = new ArrayList<>(components.size());
        for (Component component : components) {
            keys.add(component.key());
        }
        return keys;
    }

    boolean hasKey(String key) {
        for (Component component : components) {
            if (component.key().equals(key)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the message of a problem that an exception of a user's code reports.
     *
     * @param code the name of the code, for an exception that does not mean that the code refuses its argument
     * @throws VirtualMachineError if the failure {@linkplain UserCode#isFatal is fatal}
     * @throws IllegalStateException if it is another error, which no value of the configuration explains
     */
    static String refusal(String code, Throwable failure) {
        UserCode.rethrowIfFatal(failure);
        if (failure instanceof Error) {
            throw new IllegalStateException(code + " failed", failure);
        }
        String message = UserCode.messageOf(failure);
        boolean refuses = failure instanceof IllegalArgumentException || failure instanceof DateTimeException;
        return refuses && message != null && !message.isBlank()
                ? message
                : code + " failed with " + UserCode.describe(failure);
    }

    /**
     * Creates the record with these values.
     *
     * @throws IllegalArgumentException if the record refuses them or its constructor fails; the message is that of a problem
     */
    Object create(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException thrown) {
            Throwable cause = Objects.requireNonNullElse(thrown.getCause(), thrown);
            throw new IllegalArgumentException(
                    refusal(constructor.getDeclaringClass().getSimpleName(), cause), cause);
        } catch (InstantiationException | IllegalAccessException impossible) {
            throw new IllegalStateException(constructor + " cannot be called", impossible);
        }
    }
}
