package io.lynx.plugin;

/**
 * The typed name of something that one plugin shares with others.
 *
 * @param name unique in an application, such as {@code orders.database}
 * @param type what is shared
 * @param <T> what is shared
 */
public record ResourceKey<T>(String name, Class<T> type) {
    /** The key of that name and type. */
    public static <T> ResourceKey<T> of(String name, Class<T> type) {
        return new ResourceKey<>(name, type);
    }
}
