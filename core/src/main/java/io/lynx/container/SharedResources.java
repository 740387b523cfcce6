package io.lynx.container;

import io.lynx.plugin.ResourceKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What plugins share, by name, with its owner. Thread-safe. */
final class SharedResources {
    private record Shared(String owner, ResourceKey<?> key, Object value) {}

    private final Map<String, Shared> shared = new ConcurrentHashMap<>();

    <T> void share(String owner, ResourceKey<T> key, T value) {
        if (!key.type().isInstance(value)) {
            throw new IllegalArgumentException("shared resource '" + key.name() + "': a "
                    + value.getClass().getName() + " (from plugin '" + owner + "'); a "
                    + key.type().getName());
        }
        Shared other = shared.putIfAbsent(key.name(), new Shared(owner, key, value));
        if (other != null) {
            throw new IllegalStateException("shared resource '" + key.name() + "': offered by plugin '" + owner
                    + "' but owned by plugin '" + other.owner() + "'; one owner each");
        }
    }

    <T> @Nullable T find(ResourceKey<T> key, String reader) {
        Shared found = shared.get(key.name());
        if (found == null) {
            return null;
        }
        if (!key.type().isInstance(found.value())) {
            throw new IllegalStateException("shared resource '" + key.name() + "': asked for as "
                    + key.type().getName() + " by plugin '" + reader + "' but plugin '" + found.owner() + "' shares a "
                    + found.key().type().getName());
        }
        return key.type().cast(found.value());
    }

    void removeAllOf(String owner) {
        shared.values().removeIf(entry -> entry.owner().equals(owner));
    }
}
