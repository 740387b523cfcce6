package io.lynx.openapi;

import io.lynx.http.SecurityScheme;
import java.util.Map;
import java.util.TreeMap;

/** The ways to authenticate that a document has, by unique names. Not thread-safe. */
final class SecuritySchemes {
    private final Map<String, Object> schemes = new TreeMap<>();

    /** Returns the name of a scheme, which is its own unless another scheme has it. */
    String name(SecurityScheme scheme) {
        String base = scheme.name().replaceAll("[^A-Za-z0-9._-]", "_");
        String name = base;
        for (int number = 2; !isFree(name, scheme); number++) {
            name = base + number;
        }
        schemes.put(name, scheme.definition());
        return name;
    }

    private boolean isFree(String name, SecurityScheme scheme) {
        Object known = schemes.get(name);
        return !name.isEmpty() && (known == null || known.equals(scheme.definition()));
    }

    boolean isEmpty() {
        return schemes.isEmpty();
    }

    Map<String, Object> components() {
        return schemes;
    }
}
