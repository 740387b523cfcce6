package io.lynx.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A way in which clients authenticate, for the description of routes. Immutable.
 *
 * @param name identifies it in the description, such as {@code bearer}
 * @param definition the fields of a Security Scheme Object of OpenAPI
 */
public record SecurityScheme(String name, Map<String, String> definition) {
    /** Copies the map and keeps its order. */
    public SecurityScheme {
        definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
    }

    /** Returns the scheme of bearer tokens of that format, such as {@code JWT}; empty if clients cannot read them. */
    public static SecurityScheme bearer(String format) {
        Map<String, String> definition = new LinkedHashMap<>();
        definition.put("type", "http");
        definition.put("scheme", "bearer");
        if (!format.isEmpty()) {
            definition.put("bearerFormat", format);
        }
        return new SecurityScheme("bearer", definition);
    }

    /** Returns the scheme of user names and passwords. */
    public static SecurityScheme basic() {
        return new SecurityScheme("basic", Map.of("type", "http", "scheme", "basic"));
    }

    /** Returns the scheme of keys in a header. */
    public static SecurityScheme apiKey(String header) {
        Map<String, String> definition = new LinkedHashMap<>();
        definition.put("type", "apiKey");
        definition.put("in", "header");
        definition.put("name", header);
        return new SecurityScheme("apiKey", definition);
    }
}
