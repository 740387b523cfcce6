package io.lynx.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The probes around the plugins of a test. They report what each plugin is doing, inject its faults, and record what appears during
 * its start. Thread-safe.
 */
final class PluginProbes {
    private final List<Plugin> replacements;
    private final Captures captures;
    private final TestTime time;
    private final Map<String, FaultPlan> faults = new ConcurrentHashMap<>();
    private final Map<String, PluginProbe> probes = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private final Map<String, Set<String>> origins = new LinkedHashMap<>();

    @GuardedBy("this")
    private @Nullable Set<String> openAtFirst;

    PluginProbes(List<Plugin> replacements, Captures captures, TestTime time) {
        this.time = time;
        this.replacements = List.copyOf(replacements);
        this.captures = captures;
    }

    /** Forgets the plugins of an earlier run; their faults remain. */
    synchronized void beginRun() {
        probes.clear();
        origins.clear();
        openAtFirst = null;
    }

    /** Returns the probe around a plugin. */
    Plugin probe(Plugin plugin) {
        return new PluginProbe(plugin, this);
    }

    /** Returns the plugin that is started in place of another one; null if none is. */
    @Nullable
    Plugin replacementOf(PluginDescriptor descriptor) {
        for (Plugin replacement : replacements) {
            if (replacement.descriptor().id().equals(descriptor.id())) {
                return replacement;
            }
        }
        return null;
    }

    void add(String id, PluginProbe probe) {
        probes.putIfAbsent(id, probe);
    }

    FaultPlan faults(String id) {
        return faults.computeIfAbsent(id, name -> new FaultPlan(name, time));
    }

    Collection<FaultPlan> allFaults() {
        return faults.values();
    }

    Collection<PluginProbe> all() {
        return probes.values();
    }

    /** Begins to capture, and returns what is open now, before a plugin starts. */
    synchronized Set<String> beforeStart(PluginContext context) {
        Set<String> open = OpenedThings.of(context.metrics().registry());
        if (openAtFirst == null) {
            openAtFirst = open;
            captures.begin(context);
        }
        return open;
    }

    /** Notes what is open that was not open before the start of a plugin. */
    synchronized void afterStart(String id, PluginContext context, Set<String> before) {
        for (String thing : OpenedThings.of(context.metrics().registry())) {
            if (!before.contains(thing)) {
                origins.computeIfAbsent(thing, _ -> new LinkedHashSet<>()).add(id);
            }
        }
    }

    /** Returns whether a thing was open before any plugin started. */
    synchronized boolean wasOpenAtFirst(String thing) {
        return openAtFirst != null && openAtFirst.contains(thing);
    }

    /** Returns the plugins during whose start a thing appeared. */
    synchronized List<String> originsOf(String thing) {
        return List.copyOf(origins.getOrDefault(thing, Set.of()));
    }

    /** Returns the plugin whose code a class is; null if it is no plugin's. */
    @Nullable
    String ownerOf(String className) {
        List<String> samePackage = new ArrayList<>();
        for (Map.Entry<String, PluginProbe> probe : probes.entrySet()) {
            String plugin = probe.getValue().pluginClass();
            if (className.equals(plugin) || className.startsWith(plugin + "$")) {
                return probe.getKey();
            }
            if (packageOf(className).equals(packageOf(plugin))) {
                samePackage.add(probe.getKey());
            }
        }
        return samePackage.isEmpty() ? null : String.join("' or '", samePackage);
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    /** Returns the context of a running plugin. */
    PluginContext context(String id) {
        PluginProbe probe = probes.get(id);
        PluginContext context = probe == null ? null : probe.context();
        if (context == null) {
            throw new IllegalArgumentException("plugin '" + id + "': "
                    + (probe == null ? "there is none; there are " + probes.keySet() : "it is not running"));
        }
        return context;
    }

    /** Returns the context of any running plugin; all find the same shared resources. */
    PluginContext anyContext() {
        return probes.values().stream()
                .map(PluginProbe::context)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("application: no plugin is running"));
    }
}
