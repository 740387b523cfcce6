package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts and stops before the shutdown that belong in its report: those that were abandoned, and the stops of a restart that was
 * in progress when the shutdown began. It keeps the last of each plugin and operation. Thread-safe.
 */
final class EarlierStops {
    @GuardedBy("this")
    private final Map<String, PluginStop> stops = new LinkedHashMap<>();

    synchronized void add(PluginStop stop) {
        stops.put(stop.operation() + " " + stop.id(), stop);
    }

    /** Returns and forgets those of the plugins with these ids. */
    synchronized List<PluginStop> take(Set<String> ids) {
        List<PluginStop> taken = new ArrayList<>(
                stops.values().stream().filter(stop -> ids.contains(stop.id())).toList());
        stops.values().removeAll(taken);
        return taken;
    }
}
