package io.lynx.app.reload;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A section of the configuration that can change while the application runs. Immutable.
 *
 * @param section the section
 * @param keys the keys that can change, in full; the section's prefix for all of them
 * @param change receives the new record; if it throws, it receives the old one again
 */
public record ReloadableSection<T extends Record>(ConfigSection<T> section, Set<String> keys, Consumer<T> change) {
    /** Returns a section of which all keys can change. */
    public static <T extends Record> ReloadableSection<T> all(ConfigSection<T> section, Consumer<T> change) {
        return new ReloadableSection<>(section, Set.of(section.prefix()), change);
    }

    /** Returns a section of which only {@code keys} can change. */
    public static <T extends Record> ReloadableSection<T> some(
            ConfigSection<T> section, Consumer<T> change, String... keys) {
        Set<String> full = new HashSet<>();
        for (String key : keys) {
            full.add(section.prefix() + "." + key);
        }
        return new ReloadableSection<>(section, Set.copyOf(full), change);
    }

    /** Returns a section of which {@code keys} are read from {@link CurrentConfig} each time they are used. */
    public static <T extends Record> ReloadableSection<T> onUse(ConfigSection<T> section, String... keys) {
        return some(section, _ -> {}, keys);
    }

    /** Passes the new record on if it differs from the old one. */
    void apply(Binding before, Binding after) {
        T now = after.get(section);
        if (!before.get(section).equals(now)) {
            change.accept(now);
        }
    }
}
