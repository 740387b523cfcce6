package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A part of the application whose configuration can change while it runs. Immutable.
 *
 * @param section what it is configured by
 * @param keys those that it takes over, in full; the section itself for all
 * @param change hands it the new record; if that throws, it is handed the old one again
 */
record Follower<T extends Record>(ConfigSection<T> section, Set<String> keys, Consumer<T> change) {
    /** Takes over all keys of a section. */
    static <T extends Record> Follower<T> all(ConfigSection<T> section, Consumer<T> change) {
        return new Follower<>(section, Set.of(section.prefix()), change);
    }

    /** Takes over these keys of a section. */
    static <T extends Record> Follower<T> some(ConfigSection<T> section, Consumer<T> change, String... keys) {
        return new Follower<>(
                section,
                Set.of(keys).stream().map(key -> section.prefix() + "." + key).collect(Collectors.toUnmodifiableSet()),
                change);
    }

    /** Of a section whose values, these ones, are looked up each time they are needed. */
    static <T extends Record> Follower<T> onUse(ConfigSection<T> section, String... keys) {
        return some(section, _ -> {}, keys);
    }

    /** Takes over what differs for it, if anything does. */
    void follow(Binding before, Binding after) {
        T now = after.get(section);
        if (!before.get(section).equals(now)) {
            change.accept(now);
        }
    }
}
