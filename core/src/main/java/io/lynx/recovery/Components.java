package io.lynx.recovery;

import io.lynx.extension.Registration;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The components that errors were recorded of, at most 1024. When there is no more room, idle ones with nothing to
 * remember are forgotten; if there are none, errors of new components are recorded but not recovered from, and that is
 * counted. What components bring for their own recovery is kept for those that were registered. Thread-safe; looking up
 * a known component takes no lock.
 */
final class Components {
    static final int MOST = 1024;

    private final ConcurrentHashMap<String, Component> components = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ComponentRecovery> recoveries = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong sweptAt = new AtomicLong(Component.NEVER);
    private final LongAdder overflows = new LongAdder();
    private final int maxRestarts;
    private final Duration restartWindow;
    private final long windowNanos;
    private volatile long untrackedCritical = Component.NEVER;

    Components(ErrorRecoveryConfig config) {
        this.maxRestarts = config.maxRestarts();
        this.restartWindow = config.restartWindow();
        this.windowNanos = config.errorWindow().toNanos();
    }

    /** The component; null if there is no room for it. */
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
        if (taken.incrementAndGet() > MOST && !makeRoom(now)) {
            taken.decrementAndGet();
            overflows.increment();
            return null;
        }
        Component created = new Component(name, new RestartIntensity(maxRestarts, restartWindow));
        Component raced = components.putIfAbsent(name, created);
        if (raced != null) {
            taken.decrementAndGet();
        }
        return raced == null ? created : raced;
    }

    /** Forgets what can be forgotten, once a second at most; returns whether there is room now. */
    private boolean makeRoom(long now) {
        long swept = sweptAt.get();
        if (now - swept < 1_000_000_000L || !sweptAt.compareAndSet(swept, now)) {
            return taken.get() <= MOST;
        }
        for (Component component : components.values()) {
            if (component.forget(now, windowNanos)) {
                remove(component);
            }
        }
        return taken.get() <= MOST;
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

    /** What the component brings for its own recovery. */
    ComponentRecovery recovery(String name) {
        return recoveries.getOrDefault(name, ComponentRecovery.NONE);
    }

    Collection<Component> all() {
        return List.copyOf(components.values());
    }

    /** Takes note of a critical error of a component that there is no room for. */
    void untrackedCritical(long now) {
        untrackedCritical = now;
    }

    /** Whether there was one within the window. */
    boolean hasUntrackedCritical(long now) {
        long last = untrackedCritical;
        return last != Component.NEVER && now - last < windowNanos;
    }

    long overflows() {
        return overflows.sum();
    }
}
