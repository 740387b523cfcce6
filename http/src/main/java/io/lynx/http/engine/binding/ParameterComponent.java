package io.lynx.http.engine.binding;

import io.lynx.config.Default;
import io.lynx.config.Key;
import io.lynx.config.Range;
import io.lynx.http.CookieValue;
import io.lynx.http.HeaderValue;
import io.lynx.http.Request;
import io.lynx.http.ValidationException.FieldError;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record that parameters are bound to.
 *
 * @param source where its value is; null for the path if the route has a variable of that name, and for the query otherwise
 * @param byDefault its value if the request has none; null if it has no default
 */
record ParameterComponent(
        String name,
        @Nullable ParameterSource source,
        Shape shape,
        ParameterType type,
        @Nullable Object min,
        @Nullable Object max,
        @Nullable Object byDefault) {
    /** How many values a component has. */
    enum Shape {
        REQUIRED,
        NULLABLE,
        OPTIONAL,
        LIST
    }

    static ParameterComponent of(RecordComponent component) {
        String name = component.getName();
        ParameterSource source = null;
        Range range = null;
        String defaultText = null;
        for (Annotation annotation : component.getAnnotations()) {
            switch (annotation) {
                case HeaderValue header -> {
                    name = header.value();
                    source = ParameterSource.HEADER;
                }
                case CookieValue cookie -> {
                    name = cookie.value();
                    source = ParameterSource.COOKIE;
                }
                case Key key -> name = key.value();
                case Range allowed -> range = allowed;
                case Default text -> defaultText = text.value();
                default -> {}
            }
        }
        Shape shape = shape(component);
        ParameterType type = ParameterType.of(elementType(component, shape));
        Object min = range == null ? null : end(component, type, range.min());
        Object max = range == null ? null : end(component, type, range.max());
        Object byDefault = defaultText == null ? null : constant(component, type, defaultText);
        return new ParameterComponent(name, source, shape, type, min, max, byDefault);
    }

    private static Shape shape(RecordComponent component) {
        if (component.getType() == Optional.class) {
            return Shape.OPTIONAL;
        }
        if (component.getType() == List.class) {
            return Shape.LIST;
        }
        boolean isNullable = !component.getType().isPrimitive()
                && component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        return isNullable ? Shape.NULLABLE : Shape.REQUIRED;
    }

    static Class<?> elementType(RecordComponent component, Shape shape) {
        if (shape == Shape.REQUIRED || shape == Shape.NULLABLE) {
            return component.getType();
        }
        Type element = component.getGenericType() instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()[0]
                : Object.class;
        if (element instanceof Class<?> plain) {
            return plain;
        }
        throw new IllegalArgumentException(place(component) + ": " + component.getGenericType()
                + " cannot be bound; a List or Optional of a plain type");
    }

    private static @Nullable Object end(RecordComponent component, ParameterType type, String text) {
        if (text.isEmpty()) {
            return null;
        }
        Object end = constant(component, type, text);
        if (end instanceof Comparable<?> && !(end instanceof String)) {
            return end;
        }
        throw new IllegalArgumentException(place(component) + ": @Range does not apply to " + type.kind()
                + "; numbers, durations and times have a range");
    }

    private static Object constant(RecordComponent component, ParameterType type, String text) {
        Object value = type.read(text);
        if (value == null) {
            throw new IllegalArgumentException(
                    place(component) + ": '" + text + "' in its annotation is not " + type.kind());
        }
        return value;
    }

    private static String place(RecordComponent component) {
        return component.getDeclaringRecord().getName() + "." + component.getName();
    }

    /** Returns the value in {@code request}; an arbitrary one if there is a problem, which is recorded. */
    @Nullable
    Object value(Request request, String template, List<FieldError> errors) {
        ParameterSource from = sourceIn(template);
        List<String> texts = from.texts(request, name);
        ParameterText reading = new ParameterText(from, name, type, min, max);
        if (shape == Shape.LIST) {
            return list(texts, reading, errors);
        }
        Object value = null;
        if (texts.isEmpty()) {
            value = byDefault;
            if (value == null && shape == Shape.REQUIRED) {
                errors.add(new FieldError(name, ParameterText.MISSING, from.text()));
            }
        } else if (from.isSingle(texts, name, errors)) {
            value = reading.read(texts.getFirst(), errors);
        }
        return shape == Shape.OPTIONAL ? Optional.ofNullable(value) : value;
    }

    private List<Object> list(List<String> texts, ParameterText reading, List<FieldError> errors) {
        if (texts.isEmpty() && byDefault != null) {
            return List.of(byDefault);
        }
        List<Object> values = new ArrayList<>(texts.size());
        for (String text : texts) {
            Object value = reading.read(text, errors);
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    /** Where a request to the route of that template has it. */
    ParameterSource sourceIn(String template) {
        if (source != null) {
            return source;
        }
        boolean isVariable = template.contains("{" + name + "}") || template.contains("{" + name + "...}");
        return isVariable ? ParameterSource.PATH : ParameterSource.QUERY;
    }
}
