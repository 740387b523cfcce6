package io.lynx.openapi;

import io.lynx.http.DescribedRoute.Input;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The schemas of parameters, which are texts and so look different from the same values in JSON. */
final class ParameterSchemas {
    private ParameterSchemas() {}

    static Map<String, Object> of(Input input) {
        Map<String, Object> value = value(input.type());
        boolean isNumber = "integer".equals(value.get("type")) || "number".equals(value.get("type"));
        if (isNumber) {
            bound(value, "minimum", input.min());
            bound(value, "maximum", input.max());
        }
        Map<String, Object> schema = value;
        if (input.isList()) {
            schema = new LinkedHashMap<>();
            schema.put("type", "array");
            schema.put("items", value);
        }
        Map<String, Object> refined = input.declaration().isEmpty()
                ? schema
                : Declared.of(input.declaration().get()).refine(schema);
        input.byDefault().ifPresent(text -> {
            Object constant = constant(value, text);
            refined.put("default", input.isList() ? List.of(constant) : constant);
        });
        return refined;
    }

    /** What a schema cannot say about an input; empty if there is nothing. */
    static String note(Input input) {
        String range = (input.min().isEmpty() ? "" : "from " + input.min())
                + (input.min().isEmpty() || input.max().isEmpty() ? "" : " ")
                + (input.max().isEmpty() ? "" : (input.min().isEmpty() ? "up to " : "to ") + input.max());
        return switch (input.type().getName()) {
            case "java.time.Duration" ->
                "A duration such as 250ms, 30s or 5m" + (range.isEmpty() ? "." : ", " + range + ".");
            case "int", "long", "double" -> "";
            default ->
                range.isEmpty() || Number.class.isAssignableFrom(input.type())
                        ? ""
                        : Character.toUpperCase(range.charAt(0)) + range.substring(1) + ".";
        };
    }

    private static void bound(Map<String, Object> schema, String keyword, String text) {
        if (!text.isEmpty()) {
            schema.put(keyword, new BigDecimal(text));
        }
    }

    private static Object constant(Map<String, Object> schema, String text) {
        return switch (String.valueOf(schema.get("type"))) {
            case "integer", "number" -> new BigDecimal(text);
            case "boolean" -> Boolean.valueOf(text);
            default ->
                schema.containsKey("enum") ? text.toLowerCase(Locale.ROOT).replace('_', '-') : text;
        };
    }

    private static Map<String, Object> value(Class<?> type) {
        if (type.isEnum()) {
            List<Object> names = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
            Map<String, Object> schema = typed("string", "");
            schema.put("enum", names);
            return schema;
        }
        return switch (type.getName()) {
            case "byte", "java.lang.Byte", "short", "java.lang.Short", "int", "java.lang.Integer" ->
                typed("integer", "int32");
            case "long", "java.lang.Long" -> typed("integer", "int64");
            case "java.math.BigInteger" -> typed("integer", "");
            case "float", "java.lang.Float" -> typed("number", "float");
            case "double", "java.lang.Double" -> typed("number", "double");
            case "java.math.BigDecimal" -> typed("number", "");
            case "boolean", "java.lang.Boolean" -> typed("boolean", "");
            case "java.util.UUID" -> typed("string", "uuid");
            case "java.net.URI" -> typed("string", "uri-reference");
            case "java.time.LocalDate" -> typed("string", "date");
            case "java.time.Instant", "java.time.OffsetDateTime" -> typed("string", "date-time");
            default -> typed("string", "");
        };
    }

    private static Map<String, Object> typed(String type, String format) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (!format.isEmpty()) {
            schema.put("format", format);
        }
        return schema;
    }
}
