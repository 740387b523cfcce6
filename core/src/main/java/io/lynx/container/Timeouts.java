package io.lynx.container;

import java.time.Duration;
import java.util.Map;

/**
 * How long plugins may take. Immutable.
 *
 * @param start for one plugin's start
 * @param stop for one plugin's stop
 * @param starts exceptions from {@code start}, by plugin id
 * @param stops exceptions from {@code stop}, by plugin id
 */
public record Timeouts(Duration start, Duration stop, Map<String, Duration> starts, Map<String, Duration> stops) {
    /** Copies the maps. */
    public Timeouts {
        starts = Map.copyOf(starts);
        stops = Map.copyOf(stops);
    }

    Duration start(String plugin) {
        return starts.getOrDefault(plugin, start);
    }

    Duration stop(String plugin) {
        return stops.getOrDefault(plugin, stop);
    }
}
