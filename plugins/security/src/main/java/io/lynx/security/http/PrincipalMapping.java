package io.lynx.security.http;

import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a principal of the claims of a token that is verified. Immutable.
 *
 * @param scheme an attribute of the principal
 * @param nameClaim the claim that is its name
 * @param rolesClaims the claims that have its roles
 * @param roles that it has in addition
 * @param attributes the claims that become its attributes
 * @param prefix in front of its name
 */
record PrincipalMapping(
        String scheme,
        String nameClaim,
        List<String> rolesClaims,
        Set<String> roles,
        List<String> attributes,
        String prefix) {
    private static final int LONGEST = 256;
    private static final int MOST_ROLES = 1000;

    /**
     * Returns the principal.
     *
     * @throws AuthenticationException if the claims have no usable name, or too many roles
     */
    Principal principal(Map<String, ?> claims) throws AuthenticationException {
        if (!(find(claims, nameClaim) instanceof String name) || !isUsable(name)) {
            throw new AuthenticationException("claim " + nameClaim + ": no usable name");
        }
        Set<String> all = new LinkedHashSet<>(roles);
        for (String claim : rolesClaims) {
            addRoles(all, find(claims, claim));
        }
        if (all.size() > MOST_ROLES) {
            throw new AuthenticationException("more than " + MOST_ROLES + " roles");
        }
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put("scheme", scheme);
        if (claims.get("iss") instanceof String issuer) {
            kept.put("issuer", issuer);
        }
        for (String claim : attributes) {
            Object value = find(claims, claim);
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                kept.put(claim, value.toString());
            }
        }
        return new Principal(prefix + name, all, kept);
    }

    private static boolean isUsable(String name) {
        return !name.isBlank() && name.length() <= LONGEST && name.chars().noneMatch(Character::isISOControl);
    }

    /** A list of texts, or one text with roles between spaces, as in the claim {@code scope}. */
    private static void addRoles(Set<String> roles, @Nullable Object value) {
        switch (value) {
            case String text -> {
                for (String role : text.split(" ")) {
                    if (!role.isEmpty()) {
                        roles.add(role);
                    }
                }
            }
            case List<?> list -> {
                for (Object each : list) {
                    if (each instanceof String role && !role.isBlank()) {
                        roles.add(role);
                    }
                }
            }
            case null, default -> {}
        }
    }

    /** A claim by its name; otherwise the dots of the name lead into objects. */
    private static @Nullable Object find(Map<?, ?> claims, String name) {
        Object whole = claims.get(name);
        if (whole != null) {
            return whole;
        }
        int dot = name.indexOf('.');
        return dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? find(inner, name.substring(dot + 1))
                : null;
    }
}
