package io.lynx.examples.orders;

import io.grpc.Status;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.context.RequestContext;
import io.lynx.grpc.CallAccess;
import io.lynx.grpc.ServiceOptions;
import io.lynx.http.AccessRule;
import io.lynx.http.RouteOptions;
import io.lynx.security.Principal;
import java.util.Arrays;

/**
 * Who may change something: the section {@code orders.access}. Everyone may read. How clients authenticate is the matter of the plugin
 * {@code security}; without it, a route that requires a role answers 401 to everyone.
 *
 * @param requireRoles whether a client needs a role for a change
 */
record AccessConfig(
        @Doc("Whether a client needs a role for what it changes: clerk or manager to place an order, manager for"
                + " the rest.")
        @Default("false")
        boolean requireRoles) {
    private static final String CLERK = "clerk";
    private static final String MANAGER = "manager";

    /** Returns the options of a route that places an order. */
    RouteOptions forClerks() {
        return options(AccessRule.roles(CLERK, MANAGER));
    }

    /** Returns the options of a route that changes more than one order, or how the service works. */
    RouteOptions forManagers() {
        return options(AccessRule.roles(MANAGER));
    }

    /** Returns the options of a service whose calls {@link #checkClerk} and {@link #checkManager} check. */
    ServiceOptions forCalls() {
        return ServiceOptions.defaults().withAccess(requireRoles ? CallAccess.optional() : CallAccess.anonymous());
    }

    /** Refuses a call of gRPC that places an order, unless its caller may do that. */
    void checkClerk() {
        check(CLERK, MANAGER);
    }

    /** Refuses a call of gRPC that changes more than one order, unless its caller may do that. */
    void checkManager() {
        check(MANAGER);
    }

    private void check(String... roles) {
        if (requireRoles) {
            Principal caller = RequestContext.current().principal().orElseThrow(() -> Status.UNAUTHENTICATED
                    .withDescription("authentication is required")
                    .asRuntimeException());
            if (Arrays.stream(roles).noneMatch(caller::hasRole)) {
                throw Status.PERMISSION_DENIED
                        .withDescription("the caller is not allowed to do this")
                        .asRuntimeException();
            }
        }
    }

    private RouteOptions options(AccessRule rule) {
        return requireRoles ? RouteOptions.defaults().withAccess(rule) : RouteOptions.defaults();
    }
}
