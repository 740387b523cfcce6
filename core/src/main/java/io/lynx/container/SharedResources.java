package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.plugin.ResourceKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What plugins share, by name, with its owner. Thread-safe. */
final class SharedResources {
    private static final class Shared {
        private final String owner;
        private final ResourceKey<?> key;
        private final Object value;

        Shared(String owner, ResourceKey<?> key, Object value) {
            this.owner = owner;
            this.key = key;
            this.value = value;
        }
    }

    private final Map<String, Shared> shared = new ConcurrentHashMap<>();

    /**
     * Shares {@code value}.
     *
     * @return withdraws this value and no later one of the same name
     */
    <T> Registration share(String owner, ResourceKey<T> key, T value) {
        if (!key.type().isInstance(value)) {
            throw new IllegalArgumentException("shared resource '" + key.name() + "': a "
                    + value.getClass().getName() + " (from plugin '" + owner + "'); a "
                    + key.type().getName() + " is required");
        }
        Shared mine = new Shared(owner, key, value);
        Shared other = shared.putIfAbsent(key.name(), mine);
        if (other != null) {
            throw new IllegalStateException("shared resource '" + key.name() + "': offered by plugin '" + owner
                    + "' but owned by plugin '" + other.owner + "'; a name has one owner");
        }
        return () -> shared.remove(key.name(), mine);
    }

    <T> @Nullable T find(ResourceKey<T> key, String reader) {
        Shared found = shared.get(key.name());
        if (found == null) {
            return null;
        }
        if (!key.type().isInstance(found.value)) {
            throw new IllegalStateException("shared resource '" + key.name() + "': requested as "
                    + key.type().getName() + " by plugin '" + reader + "' but plugin '" + found.owner + "' shares a "
                    + found.key.type().getName());
        }
        return key.type().cast(found.value);
    }
}
