package io.lynx.extension;

/**
 * The typed name of a resource that one plugin shares with others. Immutable.
 *
 * @param name unique in an application, such as {@code orders.database}
 * @param type the type of the resource
 * @param <T> the type of the resource
 */
public record ResourceKey<T>(String name, Class<T> type) {
    /** Returns the key with this name and type. */
    public static <T> ResourceKey<T> of(String name, Class<T> type) {
        return new ResourceKey<>(name, type);
    }
}
