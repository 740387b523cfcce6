package io.lynx.app;

import io.lynx.container.PluginStop;
import io.lynx.container.Traffic;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names what a shutdown waits for. Stateless. */
final class WaitedFor {
    private static final int MOST_REQUESTS = 1_000;
    private static final int MOST_ROUTES = 20;
    private static final int FRAMES = 12;

    private WaitedFor() {}

    /**
     * Returns one line for each plugin that is starting or stopping, with what its thread does, and one for each listener and
     * each route with requests in flight.
     */
    static List<String> describe(List<PluginStop> inProgress, Traffic traffic, Deadline deadline) {
        List<String> lines = new ArrayList<>();
        for (PluginStop plugin : inProgress) {
            lines.add("plugin '" + plugin.id() + "' is " + plugin.state() + " for "
                    + plugin.took().toMillis() + " ms "
                    + plugin.stack().stream().limit(FRAMES).collect(Collectors.joining(" ")));
        }
        traffic.inFlightByListener()
                .forEach((name, count) -> lines.add("listener '" + name + "' has " + count + " requests in flight"));
        byRoute(traffic.requests(MOST_REQUESTS, deadline))
                .forEach((route, requests) -> lines.add(requests.size() + " × " + route + ", the oldest for "
                        + oldest(requests).toMillis() + " ms"));
        return lines;
    }

    private static Map<String, List<RequestInFlight>> byRoute(List<RequestInFlight> requests) {
        Map<String, List<RequestInFlight>> byRoute = new TreeMap<>();
        for (RequestInFlight request : requests) {
            if (byRoute.containsKey(request.route()) || byRoute.size() < MOST_ROUTES) {
                byRoute.computeIfAbsent(request.route(), _ -> new ArrayList<>()).add(request);
            }
        }
        return byRoute;
    }

    private static Duration oldest(List<RequestInFlight> requests) {
        return requests.getFirst().age();
    }
}
