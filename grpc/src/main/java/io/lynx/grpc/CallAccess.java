package io.lynx.grpc;

import io.lynx.security.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides who may call a service, by the principal of the call; see {@link ServiceOptions#withAccess}. A service with a rule is
 * never open by mistake: if nothing authenticates callers, the calls that need a principal are refused. Immutable.
 *
 * @param identity what the rule requires of the caller
 * @param roles one of these is required; empty if the rule does not depend on roles
 */
public record CallAccess(Identity identity, Set<String> roles) {
    /** What a rule requires of the caller. */
    public enum Identity {
        /** The caller is not identified; credentials are not examined. */
        NONE,
        /** The caller is identified if it sends credentials, which must be valid. */
        OPTIONAL,
        /** The caller must be identified. */
        REQUIRED
    }

    private static final CallAccess ANONYMOUS = new CallAccess(Identity.NONE, Set.of());
    private static final CallAccess ANYBODY = new CallAccess(Identity.OPTIONAL, Set.of());
    private static final CallAccess AUTHENTICATED = new CallAccess(Identity.REQUIRED, Set.of());

    /**
     * Checks and copies the roles.
     *
     * @throws IllegalArgumentException if a role is blank, or there are roles although the caller need not be identified
     */
    public CallAccess {
        roles = Set.copyOf(roles);
        if (roles.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("call access: a role is blank; a name such as 'admin'");
        }
        if (identity != Identity.REQUIRED && !roles.isEmpty()) {
            throw new IllegalArgumentException("call access: roles " + roles + " of a caller that is not identified");
        }
    }

    /** Returns the rule of a service that everyone may call. Credentials are ignored, so that invalid ones do no harm. */
    public static CallAccess anonymous() {
        return ANONYMOUS;
    }

    /** Returns the rule of a service that everyone may call and that sees the principal if the caller sends credentials. */
    public static CallAccess optional() {
        return ANYBODY;
    }

    /** Returns the rule of a service that every authenticated caller may call. */
    public static CallAccess authenticated() {
        return AUTHENTICATED;
    }

    /** Returns the rule of a service that callers with at least one of these roles may call. */
    public static CallAccess roles(String first, String... more) {
        Set<String> roles = new LinkedHashSet<>();
        roles.add(first);
        roles.addAll(List.of(more));
        return new CallAccess(Identity.REQUIRED, roles);
    }

    /** Returns whether callers must be authenticated. */
    public boolean needsPrincipal() {
        return identity == Identity.REQUIRED;
    }

    /** Returns whether an authenticated caller may call the service. */
    public boolean allows(Principal principal) {
        return roles.isEmpty() || roles.stream().anyMatch(principal::hasRole);
    }
}
