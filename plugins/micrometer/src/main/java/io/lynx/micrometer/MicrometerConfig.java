package io.lynx.micrometer;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;

/**
 * The section {@code lynx.micrometer}. Immutable.
 *
 * @param globalRegistry whether meters of Micrometer's static {@code Metrics} are exposed too
 * @param step how long the maximum of a timer or a summary is kept
 * @param tags tags of every meter
 */
public record MicrometerConfig(
        @Doc("Whether meters of Micrometer's static Metrics, which the whole JVM shares, are exposed too.")
        @Default("false")
        boolean globalRegistry,

        @Doc("Time for which the maximum of a timer or a summary is kept.")
        @Default("1m")
        @Range(min = "1s", max = "1h")
        Duration step,

        @Doc("Tags of every meter.") @Default("{}") Map<String, String> tags) {
    /**
     * Copies the tags.
     *
     * @throws IllegalArgumentException if a tag has no name
     */
    public MicrometerConfig {
        tags = Map.copyOf(tags);
        if (tags.keySet().stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("tags: " + tags + "; each tag needs a name");
        }
    }
}
