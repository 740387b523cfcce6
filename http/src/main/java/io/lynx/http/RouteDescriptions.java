package io.lynx.http;

import io.lynx.extension.UserCode;
import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTable;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The descriptions of the routes of one table. */
record RouteDescriptions(RouteTable table, List<DescribedRoute> routes) {
    private static final Logger LOG = LoggerFactory.getLogger(RouteDescriptions.class);

    /** Calls the code that describes each route. */
    static RouteDescriptions of(RouteTable table) {
        List<DescribedRoute> routes = new ArrayList<>();
        for (Route route : table.routes()) {
            routes.add(describe(route));
        }
        return new RouteDescriptions(table, List.copyOf(routes));
    }

    private static DescribedRoute describe(Route route) {
        RouteDescription description = new RouteDescription(
                route.method(), route.template().text(), route.template().variables(), route.owner());
        route.chain().handlers().forEach(interceptor -> fillIn(description, route, interceptor));
        route.chain().descriptions().forEach(interceptor -> fillIn(description, route, interceptor));
        return description.described();
    }

    private static void fillIn(RouteDescription description, Route route, Interceptor interceptor) {
        boolean _ = UserCode.run(
                () -> interceptor.describe(description),
                failure -> LOG.warn(
                        "Description of {} {} failed; the route is described without what it would have added",
                        route.method(),
                        route.template(),
                        UserCode.loggable(failure)));
    }
}
