package io.lynx.openapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Constraints of Jakarta Validation, of its implementations, and of avaje-validator as keywords of a schema. They are known by their
 * names, so none of these libraries is needed.
 */
final class Constraints {
    private static final List<String> PACKAGES = List.of(
            "jakarta.validation.constraints.",
            "org.hibernate.validator.constraints.",
            "io.avaje.validation.constraints.");

    /** What expressions of Java can say and those of JavaScript cannot, or mean otherwise. */
    private static final Pattern NOT_PORTABLE =
            Pattern.compile("\\(\\?[^:=!<]|\\(\\?<[^=!]|[*+?}]\\+|\\\\[QEAzZGhHRXx]|\\\\p\\{(?!L|N)|&&|\\[[^]]*\\[");

    private Constraints() {}

    /** Whether a value must not be null, or the request that has it is refused. */
    static boolean forbidsNull(Annotation annotation) {
        return switch (name(annotation)) {
            case "NotNull", "NotEmpty", "NotBlank" -> true;
            default -> false;
        };
    }

    /** Adds what the annotation allows; nothing if it is no constraint, or a schema cannot express it. */
    static void addTo(Map<String, Object> schema, Annotation annotation) {
        switch (name(annotation)) {
            case "Min" -> schema.put("minimum", number(annotation));
            case "Max" -> schema.put("maximum", number(annotation));
            case "DecimalMin" ->
                schema.put(isInclusive(annotation) ? "minimum" : "exclusiveMinimum", number(annotation));
            case "DecimalMax" ->
                schema.put(isInclusive(annotation) ? "maximum" : "exclusiveMaximum", number(annotation));
            case "Positive" -> schema.put("exclusiveMinimum", 0);
            case "PositiveOrZero" -> schema.put("minimum", 0);
            case "Negative" -> schema.put("exclusiveMaximum", 0);
            case "NegativeOrZero" -> schema.put("maximum", 0);
            case "Range" -> {
                schema.put("minimum", value(annotation, "min", 0L));
                schema.put("maximum", value(annotation, "max", Long.MAX_VALUE));
            }
            case "Size", "Length" -> size(schema, annotation);
            case "NotEmpty" -> atLeast(schema, 1);
            case "NotBlank" -> {
                atLeast(schema, 1);
                pattern(schema, "\\S");
            }
            case "Pattern" -> pattern(schema, annotation);
            case "Email" -> schema.put("format", "email");
            case "URL", "URI" -> schema.put("format", "uri");
            case "UniqueElements" -> schema.put("uniqueItems", true);
            default -> {}
        }
    }

    /** The simple name of a constraint; empty if the annotation is none. */
    private static String name(Annotation annotation) {
        String name = annotation.annotationType().getName();
        return PACKAGES.stream().anyMatch(name::startsWith)
                ? annotation.annotationType().getSimpleName()
                : "";
    }

    private static void size(Map<String, Object> schema, Annotation annotation) {
        if (value(annotation, "min", 0) instanceof Integer min && min > 0) {
            atLeast(schema, min);
        }
        if (value(annotation, "max", Integer.MAX_VALUE) instanceof Integer max && max < Integer.MAX_VALUE) {
            schema.put("max" + measured(schema), max);
        }
    }

    private static void atLeast(Map<String, Object> schema, int min) {
        String key = "min" + measured(schema);
        int known = schema.get(key) instanceof Integer other ? other : 0;
        schema.put(key, Math.max(known, min));
    }

    /** What has a size in values of that type. */
    private static String measured(Map<String, Object> schema) {
        Object type = schema.get("type");
        String first = type instanceof List<?> types ? String.valueOf(types.getFirst()) : String.valueOf(type);
        return switch (first) {
            case "array" -> "Items";
            case "object" -> "Properties";
            default -> "Length";
        };
    }

    private static void pattern(Map<String, Object> schema, Annotation annotation) {
        String expression = String.valueOf(value(annotation, "regexp", ""));
        boolean hasFlags = value(annotation, "flags", "") instanceof Object[] flags && flags.length > 0;
        if (!hasFlags && !NOT_PORTABLE.matcher(expression).find()) {
            pattern(schema, "^(?:" + expression + ")$");
        }
    }

    private static void pattern(Map<String, Object> schema, String expression) {
        if (schema.get("pattern") == null) {
            schema.put("pattern", expression);
            return;
        }
        List<Object> further = new ArrayList<>();
        if (schema.get("allOf") instanceof List<?> known) {
            further.addAll(known);
        }
        Map<String, Object> another = new LinkedHashMap<>();
        another.put("pattern", expression);
        further.add(another);
        schema.put("allOf", further);
    }

    private static Number number(Annotation annotation) {
        Object value = value(annotation, "value", 0L);
        return value instanceof Number number ? number : new BigDecimal(String.valueOf(value));
    }

    private static boolean isInclusive(Annotation annotation) {
        return Boolean.TRUE.equals(value(annotation, "inclusive", true));
    }

    /** An attribute of the annotation; {@code other} if it has none of that name. */
    private static Object value(Annotation annotation, String attribute, Object other) {
        try {
            @Nullable
            Object value = annotation.annotationType().getMethod(attribute).invoke(annotation);
            return value == null ? other : value;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException unknown) {
            return other;
        }
    }
}
