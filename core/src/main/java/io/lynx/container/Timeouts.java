package io.lynx.container;

import java.time.Duration;
import java.util.Map;

/**
 * How long starts and stops may take. Immutable.
 *
 * @param wholeStart the limit for starting all plugins, or those of a restart
 * @param wholeStop the limit for draining and stopping the plugins of a restart
 * @param start the limit for one plugin's start
 * @param stop the limit for one plugin's stop
 * @param starts exceptions from {@code start}, by plugin id
 * @param stops exceptions from {@code stop}, by plugin id
 */
public record Timeouts(
        Duration wholeStart,
        Duration wholeStop,
        Duration start,
        Duration stop,
        Map<String, Duration> starts,
        Map<String, Duration> stops) {
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
