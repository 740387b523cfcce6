package io.lynx.http;

import io.lynx.context.RequestContext;
import io.lynx.security.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may call a route, by the principal of the request. A rule is set for a group by {@link Routes#access} and for a route
 * by {@link RouteOptions#withAccess}; the innermost rule alone applies. It runs after the authentication, which sets the principal, and
 * refuses the request if nothing has authenticated it: a route with a rule is never open by mistake. Immutable.
 *
 * @param identity what the rule requires of the caller
 * @param roles one of these is required; empty if the rule does not depend on roles
 */
public record AccessRule(Identity identity, Set<String> roles) implements Interceptor {
    /** What a rule requires of the caller. */
    public enum Identity {
        /** The caller is not identified; credentials are not examined. */
        NONE,
        /** The caller is identified if it sends credentials, which must be valid. */
        OPTIONAL,
        /** The caller must be identified. */
        REQUIRED
    }

    private static final AccessRule ANONYMOUS = new AccessRule(Identity.NONE, Set.of());
    private static final AccessRule ANYBODY = new AccessRule(Identity.OPTIONAL, Set.of());
    private static final AccessRule AUTHENTICATED = new AccessRule(Identity.REQUIRED, Set.of());

    /**
     * Checks and copies the roles.
     *
     * @throws IllegalArgumentException if a role is blank, or there are roles although the caller need not be identified
     */
    public AccessRule {
        roles = Set.copyOf(roles);
        if (roles.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("access rule: a role is blank; a name such as 'admin'");
        }
        if (identity != Identity.REQUIRED && !roles.isEmpty()) {
            throw new IllegalArgumentException("access rule: roles " + roles + " of a caller that is not identified");
        }
    }

    /** Returns the rule of a route that everyone may call. Credentials are ignored, so that invalid ones do no harm. */
    public static AccessRule anonymous() {
        return ANONYMOUS;
    }

    /** Returns the rule of a route that everyone may call and that is told who calls, if the caller sends credentials. */
    public static AccessRule optional() {
        return ANYBODY;
    }

    /** Returns the rule of a route that every authenticated caller may call. */
    public static AccessRule authenticated() {
        return AUTHENTICATED;
    }

    /** Returns the rule of a route that callers with at least one of these roles may call. */
    public static AccessRule roles(String first, String... more) {
        Set<String> roles = new LinkedHashSet<>();
        roles.add(first);
        roles.addAll(List.of(more));
        return new AccessRule(Identity.REQUIRED, roles);
    }

    /** Returns whether callers must be authenticated. */
    public boolean needsPrincipal() {
        return identity == Identity.REQUIRED;
    }

    /** Returns whether an authenticated caller may call the route. */
    public boolean allows(Principal principal) {
        return roles.isEmpty() || roles.stream().anyMatch(principal::hasRole);
    }

    /**
     * Refuses callers that the rule does not allow.
     *
     * @throws HttpException (401, 403) if the caller is not authenticated, or has none of the roles
     */
    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        if (needsPrincipal()) {
            Optional<Principal> caller = RequestContext.current().principal();
            if (caller.isEmpty()) {
                throw new HttpException(401, "authentication is required", Map.of("WWW-Authenticate", "Bearer"));
            }
            if (!allows(caller.get())) {
                throw new HttpException(403, "the caller is not allowed to do this");
            }
        }
        next.handle(request, response);
    }

    /** Tells who may call the route. */
    @Override
    public void describe(RouteDescription route) {
        switch (identity) {
            case NONE -> route.anonymous();
            case OPTIONAL -> route.optionallyAuthenticated();
            case REQUIRED -> route.authenticated(roles.stream().sorted().toArray(String[]::new));
        }
    }
}
