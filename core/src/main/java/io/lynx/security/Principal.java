package io.lynx.security;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An authenticated caller. Immutable.
 *
 * @param name identifies the caller within its realm, such as {@code alice} or {@code billing-service}; not blank
 * @param roles what the caller may act as, such as {@code operator}; case-sensitive
 * @param attributes further facts about the caller, such as {@code tenant} or {@code email}; never credentials
 */
public record Principal(String name, Set<String> roles, Map<String, String> attributes) {
    /**
     * Copies the collections and keeps their order.
     *
     * @throws IllegalArgumentException if the name is blank
     * @throws NullPointerException if anything is null
     */
    public Principal {
        if (name.isBlank()) {
            throw new IllegalArgumentException("principal: name '" + name + "' is blank");
        }
        roles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
        roles.forEach(Objects::requireNonNull);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        attributes.forEach((key, value) -> {
            Objects.requireNonNull(key);
            Objects.requireNonNull(value);
        });
    }

    /** Returns a principal without roles and attributes. */
    public static Principal of(String name) {
        return new Principal(name, Set.of(), Map.of());
    }

    /** Returns a copy with these roles. */
    public Principal withRoles(Set<String> roles) {
        return new Principal(name, roles, attributes);
    }

    /** Returns a copy with these attributes. */
    public Principal withAttributes(Map<String, String> attributes) {
        return new Principal(name, roles, attributes);
    }

    /** Returns whether the caller has the role. */
    public boolean hasRole(String role) {
        return roles.contains(role);
    }

    /** Returns the attribute {@code key}. */
    public Optional<String> attribute(String key) {
        return Optional.ofNullable(attributes.get(key));
    }

    /** Returns the name and the roles; attributes may be personal data. */
    @Override
    public String toString() {
        return roles.isEmpty() ? name : name + " " + roles;
    }
}
