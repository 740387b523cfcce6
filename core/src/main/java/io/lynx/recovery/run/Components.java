package io.lynx.recovery.run;

import io.lynx.extension.Registration;
import io.lynx.recovery.ComponentRecovery;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.classify.BoundedText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The components that errors were recorded of: those that are known, as plugins or by their registration, and at most 1024
 * others. At the limit, idle ones with nothing to remember are removed; if there are none, errors of new components are
 * recorded but not recovered, and counted as such. Thread-safe; looking up a component that exists takes no lock.
 */
final class Components {
    private static final ComponentRecovery NONE = ComponentRecovery.builder().build();
    static final int LIMIT = 1024;

    private final ConcurrentHashMap<String, Component> components = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ComponentRecovery> recoveries = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong sweptAt = new AtomicLong(ComponentHealth.NEVER);
    private final LongAdder overflows = new LongAdder();
    private final Predicate<String> isPlugin;
    private final int maxRestarts;
    private final Duration restartWindow;
    private final long windowNanos;
    private volatile long untrackedCritical = ComponentHealth.NEVER;

    /**
     * Creates it without components.
     *
     * @param isPlugin whether the name is that of a plugin
     */
    Components(ErrorRecoveryConfig config, Predicate<String> isPlugin) {
        this.isPlugin = isPlugin;
        this.maxRestarts = config.maxRestarts();
        this.restartWindow = config.restartWindow();
        this.windowNanos = config.errorWindow().toNanos();
    }

    /** Returns the component; null if it is unknown and the limit has been reached. */
    @Nullable
    Component of(String name, long now) {
        Component known = components.get(name);
        if (known != null && !(known.state() instanceof Component.Forgotten)) {
            return known;
        }
        return create(BoundedText.name(name), now);
    }

    private @Nullable Component create(String name, long now) {
        while (true) {
            Component known = components.get(name);
            if (known == null) {
                break;
            }
            if (!(known.state() instanceof Component.Forgotten)) {
                return known;
            }
            remove(known);
        }
        if (taken.incrementAndGet() > LIMIT && !makeRoom(now) && !isKnown(name)) {
            taken.decrementAndGet();
            overflows.increment();
            return null;
        }
        Component created = new Component(name, new Component.Restarts(maxRestarts, restartWindow));
        Component raced = components.putIfAbsent(name, created);
        if (raced != null) {
            taken.decrementAndGet();
        }
        return raced == null ? created : raced;
    }

    private boolean isKnown(String name) {
        return recoveries.containsKey(name) || isPlugin.test(name);
    }

    /** Removes what can be removed, at most once a second; returns whether there is room now. */
    private boolean makeRoom(long now) {
        long swept = sweptAt.get();
        if (now - swept < 1_000_000_000L || !sweptAt.compareAndSet(swept, now)) {
            return taken.get() <= LIMIT;
        }
        for (Component component : components.values()) {
            if (component.forget(now, windowNanos)) {
                remove(component);
            }
        }
        return taken.get() <= LIMIT;
    }

    private void remove(Component component) {
        if (components.remove(component.name(), component)) {
            taken.decrementAndGet();
        }
    }

    @Nullable
    Component find(String name) {
        return components.get(BoundedText.name(name));
    }

    Registration register(String name, ComponentRecovery recovery) {
        String key = BoundedText.name(name);
        recoveries.put(key, recovery);
        return () -> recoveries.remove(key, recovery);
    }

    /** Returns what the component brings for its own recovery. */
    ComponentRecovery recovery(String name) {
        return recoveries.getOrDefault(name, NONE);
    }

    Collection<Component> all() {
        return List.copyOf(components.values());
    }

    /** Notes a critical error of a component beyond the limit. */
    void untrackedCritical(long now) {
        untrackedCritical = now;
    }

    /** Returns whether there was one within the window. */
    boolean hasUntrackedCritical(long now) {
        long last = untrackedCritical;
        return last != ComponentHealth.NEVER && now - last < windowNanos;
    }

    long overflows() {
        return overflows.sum();
    }
}
