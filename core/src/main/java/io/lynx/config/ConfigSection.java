package io.lynx.config;

/**
 * A part of the configuration and the record that it is bound to.
 *
 * @param prefix the key of the section, such as {@code lynx.http} or {@code orders.database}
 * @param type the record; its components are the keys, in snake_case
 * @param <T> the record
 */
public record ConfigSection<T extends Record>(String prefix, Class<T> type) {
    /** The section at {@code prefix}, bound to {@code type}. */
    public static <T extends Record> ConfigSection<T> of(String prefix, Class<T> type) {
        return new ConfigSection<>(prefix, type);
    }

    /** Written out, as is {@link #hashCode}: the one that a record generates costs milliseconds of a start. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigSection<?> section && section.prefix.equals(prefix) && section.type.equals(type);
    }

    @Override
    public int hashCode() {
        return 31 * prefix.hashCode() + type.hashCode();
    }
}
