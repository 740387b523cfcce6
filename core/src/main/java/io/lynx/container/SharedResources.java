package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.leadership.LeaseBackend;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What belongs to one plugin of an application by its name: shared resources, jobs and candidacies. Thread-safe. */
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
    private final Map<String, String> reserved = new ConcurrentHashMap<>();
    private final Set<String> leaseBackends;

    SharedResources() {
        this(Set.of());
    }

    /**
     * Shares nothing yet.
     *
     * @param leaseBackends the plugins that will share a {@link LeaseBackend}
     */
    SharedResources(Set<String> leaseBackends) {
        this.leaseBackends = Set.copyOf(leaseBackends);
    }

    /**
     * Reserves the name of a thing, such as a job, which is a label of metrics.
     *
     * @param kind what it is
     * @return releases it
     * @throws IllegalStateException if it is taken
     */
    Registration reserve(String kind, String owner, String name) {
        String full = kind + " '" + name + "'";
        String other = reserved.putIfAbsent(full, owner);
        if (other != null) {
            throw new IllegalStateException(full + ": " + (kind.equals("job") ? "scheduled" : "requested")
                    + " by plugin '" + owner + "' but owned by plugin '" + other + "'; a name has one owner");
        }
        return () -> reserved.remove(full, owner);
    }

    /** Returns the names of that kind that are reserved now. */
    SortedSet<String> reserved(String kind) {
        SortedSet<String> names = new TreeSet<>();
        for (String full : reserved.keySet()) {
            if (full.startsWith(kind + " '")) {
                names.add(full.substring(kind.length() + 2, full.length() - 1));
            }
        }
        return names;
    }

    /** Returns the plugins that share a backend for leases, or will share one. */
    SortedSet<String> leaseBackends() {
        SortedSet<String> all = new TreeSet<>(leaseBackends);
        shared.forEach((name, resource) -> {
            if (resource.key.type() == LeaseBackend.class) {
                String plugin = name.substring(0, Math.max(0, name.lastIndexOf('.')));
                if (LeaseBackend.key(plugin).name().equals(name)) {
                    all.add(plugin);
                }
            }
        });
        return all;
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
