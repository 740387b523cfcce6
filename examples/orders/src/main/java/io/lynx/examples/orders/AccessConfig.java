package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.http.AccessRule;
import io.lynx.http.RouteOptions;

/**
 * Who may change something: the section {@code orders.access}. Everyone may read. How clients authenticate is the matter of the plugin
 * {@code security}; without it, a route that requires a role answers 401 to everyone.
 *
 * @param requireRoles whether a client needs a role for a change
 */
record AccessConfig(
        @Doc(
                "Whether a client needs a role for what it changes: clerk or manager to place an order, manager for the rest.")
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

    private RouteOptions options(AccessRule rule) {
        return requireRoles ? RouteOptions.defaults().withAccess(rule) : RouteOptions.defaults();
    }
}
