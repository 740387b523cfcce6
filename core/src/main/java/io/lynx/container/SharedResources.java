package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What belongs to one plugin of an application by its name: shared resources and jobs. Thread-safe. */
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
    private final Map<String, String> jobs = new ConcurrentHashMap<>();

    /**
     * Reserves the name of a job, which is a label of metrics.
     *
     * @return releases it
     * @throws IllegalStateException if it is taken
     */
    Registration reserveJob(String owner, String name) {
        String other = jobs.putIfAbsent(name, owner);
        if (other != null) {
            throw new IllegalStateException("job '" + name + "': scheduled by plugin '" + owner
                    + "' but owned by plugin '" + other + "'; a name has one owner");
        }
        return () -> jobs.remove(name, owner);
    }

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
