package io.lynx.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schemas that allow {@code null} too. */
final class Nullness {
    private Nullness() {}

    /** Returns a schema that allows what {@code schema} allows, and {@code null}. */
    static Map<String, Object> nullable(Map<String, Object> schema) {
        Map<String, Object> nullable = new LinkedHashMap<>(schema);
        if (schema.get("type") instanceof String type) {
            nullable.put("type", List.of(type, "null"));
            if (schema.get("enum") instanceof List<?> allowed) {
                List<@Nullable Object> withNull = new ArrayList<>(allowed);
                withNull.add(null);
                nullable.put("enum", withNull);
            }
            return nullable;
        }
        if (schema.containsKey("$ref")) {
            Map<String, Object> choice = new LinkedHashMap<>();
            choice.put("anyOf", List.of(schema, Map.of("type", "null")));
            return choice;
        }
        return nullable;
    }
}
