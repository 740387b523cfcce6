package io.lynx.leadership;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one leadership: {@code lynx.leadership.<name>}. Immutable.
 *
 * @param backend the plugin that keeps the lease, such as {@code jdbc} or {@code jdbc.orders}; null if there is only one
 * @param lease how long a leader that does not renew remains the leader
 * @param pollInterval how often other instances ask whether the lease is free; a third of the lease if that is shorter
 * @param actionTimeout how long the actions for gain and loss may take
 */
public record LeadershipConfig(
        @Doc("The plugin that keeps the lease, such as jdbc or redis; required if there are several.") @Nullable
        String backend,

        @Doc("How long a leader that does not renew its lease, such as a dead one, remains the leader. It renews"
                + " each third.")
        @Default("15s")
        @Range(min = "1s", max = "1h")
        Duration lease,

        @Doc("How often other instances try to get the lease; a third of the lease if that is shorter.")
        @Default("2s")
        @Range(min = "100ms", max = "10m")
        Duration pollInterval,

        @Doc("How long the action for the gain, and the one for the loss, may take.")
        @Default("10s")
        @Range(min = "100ms", max = "1h")
        Duration actionTimeout) {
    /** The key below which each leadership has a section of its name. */
    public static final String PREFIX = "lynx.leadership";

    private static final Pattern NAME = Pattern.compile("(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Returns the section of the leadership of that name. */
    public static ConfigSection<LeadershipConfig> section(String name) {
        return ConfigSection.of(PREFIX + "." + name, LeadershipConfig.class);
    }

    /** Returns the configuration with every default. */
    public static LeadershipConfig defaults() {
        return Binding.defaults(LeadershipConfig.class);
    }

    /** Returns whether a leadership can have that name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns the time between two attempts to get a lease that another holds. */
    public Duration pause() {
        Duration third = lease.dividedBy(3);
        return pollInterval.compareTo(third) < 0 ? pollInterval : third;
    }
}
