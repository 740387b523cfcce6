package io.lynx.openapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the declaration of a property or a parameter says about its values, by annotations on it and inside its type. Immutable.
 *
 * @param type the declared type; null if it is not known
 */
record Declared(
        Collection<Annotation> annotations, @Nullable AnnotatedType type) {
    static Declared of(AnnotatedElement declaration) {
        Set<Annotation> all = new LinkedHashSet<>(Arrays.asList(declaration.getAnnotations()));
        return switch (declaration) {
            case RecordComponent component -> {
                all.addAll(Arrays.asList(component.getAccessor().getAnnotations()));
                for (Field field : component.getDeclaringRecord().getDeclaredFields()) {
                    if (field.getName().equals(component.getName())) {
                        all.addAll(Arrays.asList(field.getAnnotations()));
                    }
                }
                yield of(all, component.getAnnotatedType());
            }
            case Method method -> of(all, method.getAnnotatedReturnType());
            case Field field -> of(all, field.getAnnotatedType());
            default -> new Declared(Set.of(), null);
        };
    }

    private static Declared of(Set<Annotation> annotations, AnnotatedType type) {
        annotations.addAll(Arrays.asList(type.getAnnotations()));
        return new Declared(annotations, type);
    }

    /** Whether null is allowed, which a constraint may forbid that is checked after the value was read. */
    boolean isNullable() {
        return annotations.stream().anyMatch(annotation -> name(annotation).equals("Nullable"))
                && annotations.stream().noneMatch(Constraints::forbidsNull);
    }

    private static String name(Annotation annotation) {
        return annotation.annotationType().getSimpleName();
    }

    /** Adds to {@code schema} what the annotations allow. */
    Map<String, Object> refine(Map<String, Object> schema) {
        annotations.forEach(annotation -> Constraints.addTo(schema, annotation));
        refineInside(schema);
        return schema;
    }

    /** The elements of a list and the values of a map may have annotations of their own. */
    private void refineInside(Map<String, Object> schema) {
        AnnotatedType inner =
                switch (type) {
                    case AnnotatedParameterizedType generic -> last(generic.getAnnotatedActualTypeArguments());
                    case AnnotatedArrayType array -> array.getAnnotatedGenericComponentType();
                    case null, default -> null;
                };
        if (inner == null) {
            return;
        }
        Declared declared = of(new LinkedHashSet<>(), inner);
        String place = schema.containsKey("items") ? "items" : "additionalProperties";
        if (schema.get(place) instanceof Map<?, ?>) {
            @SuppressWarnings("unchecked") // Schemas have texts as keys.
            Map<String, Object> values = (Map<String, Object>) schema.get(place);
            Map<String, Object> refined = declared.refine(values);
            schema.put(place, declared.isNullable() ? Nullness.nullable(refined) : refined);
        } else if (!schema.containsKey("properties")) {
            // An optional value.
            declared.annotations().forEach(annotation -> Constraints.addTo(schema, annotation));
        }
    }

    private static @Nullable AnnotatedType last(AnnotatedType[] arguments) {
        return arguments.length == 0 ? null : arguments[arguments.length - 1];
    }
}
