package io.lynx.config;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A part of the configuration, and the record type that it is bound to.
 *
 * @param prefix the key of the section, such as {@code lynx.http} or {@code orders.database}
 * @param type the record type; its components are the keys, in snake_case
 * @param <T> the record type
 */
public record ConfigSection<T extends Record>(String prefix, Class<T> type) {
    /** Returns the section at {@code prefix}, to be bound to {@code type}. */
    public static <T extends Record> ConfigSection<T> of(String prefix, Class<T> type) {
        return new ConfigSection<>(prefix, type);
    }

    /**
     * Returns the keys of the record's components in full, such as {@code lynx.http.port}. They tell this section from others with
     * the same prefix, and from those below it.
     *
     * @throws IllegalArgumentException if the record cannot be bound
     */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (String key : RecordSchema.of(type).keys()) {
            keys.add(prefix + "." + key);
        }
        return keys;
    }

    /** Written by hand, like {@link #hashCode}: the generated method costs milliseconds at start-up. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigSection<?> section && section.prefix.equals(prefix) && section.type.equals(type);
    }

    @Override
    public int hashCode() {
        return 31 * prefix.hashCode() + type.hashCode();
    }
}
