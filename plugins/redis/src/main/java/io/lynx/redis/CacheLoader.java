package io.lynx.redis;

import io.lynx.extension.ExtensionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Loads the values of a {@link Cache} from their source, such as a database.
 *
 * @param <K> the keys
 * @param <V> the values
 */
@FunctionalInterface
@ExtensionPoint(thread = "the thread of the caller of the cache", deadline = "that of the request")
public interface CacheLoader<K, V> {
    /**
     * Returns the value of a key; null if there is none.
     *
     * @throws Exception if it cannot be loaded
     */
    @Nullable
    V load(K key) throws Exception;
}
