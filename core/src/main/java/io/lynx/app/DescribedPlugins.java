package io.lynx.app;

import io.lynx.config.Config;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.extension.UserCode;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plugins and calls the {@code descriptor()} of each once. A discovered plugin gives way to a given one of the same id.
 * Used by one thread.
 */
final class DescribedPlugins {
    private final Config config;
    private final UnaryOperator<Plugin> decoration;
    private final Consumer<String> onCall;
    private final List<Described> all = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<String, String> withoutSection = new LinkedHashMap<>();
    private final Set<String> families = new HashSet<>();

    private record Described(Plugin plugin, PluginDescriptor descriptor) {}

    /**
     * Begins without plugins.
     *
     * @param decoration replaces each plugin before it is called
     * @param onCall receives each call of a plugin before it is made, such as {@code descriptor() of plugin} and its class
     */
    DescribedPlugins(Config config, UnaryOperator<Plugin> decoration, Consumer<String> onCall) {
        this.config = config;
        this.decoration = decoration;
        this.onCall = onCall;
    }

    void add(List<Plugin> given) {
        for (Plugin plugin : given) {
            Described described = describe(plugin);
            if (described != null) {
                all.add(described);
            }
        }
    }

    /** Adds those on the class path that are automatic or whose section is configured. */
    void discover(@Nullable ClassLoader loader) {
        Set<String> given = ids();
        Iterator<Plugin> found = ServiceLoader.load(Plugin.class, loader).iterator();
        while (true) {
            Plugin plugin = next(found, Plugin.class);
            if (plugin == null) {
                return;
            }
            Described described = describe(plugin);
            if (described == null || given.contains(described.descriptor().id())) {
                continue;
            }
            if (isWanted(described.descriptor())) {
                all.add(described);
            } else {
                leaveOut(described.descriptor());
            }
        }
    }

    /** Adds the plugins of the families on the class path that the configuration names. */
    void discoverFamilies(@Nullable ClassLoader loader) {
        Iterator<PluginFamily> found =
                ServiceLoader.load(PluginFamily.class, loader).iterator();
        while (true) {
            PluginFamily family = next(found, PluginFamily.class);
            if (family == null) {
                return;
            }
            String type = family.getClass().getName();
            onCall.accept("section() of plugin family " + type);
            boolean _ = UserCode.run(
                    () -> addMembers(family, type),
                    failure -> problems.add(new ConfigProblem(
                            "plugin family " + type + ": section() failed: " + UserCode.describe(failure))));
        }
    }

    private void addMembers(PluginFamily family, String type) {
        ConfigSection<?> section = family.section();
        families.add(section.prefix());
        Set<String> present = ids();
        for (String name : config.instances(section)) {
            String key = name.isEmpty() ? section.prefix() : section.prefix() + "." + name;
            onCall.accept("plugin(\"" + name + "\") of plugin family " + type);
            Plugin member = UserCode.<@Nullable Plugin>call(
                    () -> family.plugin(name),
                    null,
                    failure -> problems.add(new ConfigProblem(key + ": "
                            + Objects.requireNonNullElse(
                                    UserCode.messageOf(failure),
                                    failure.getClass().getName()))));
            Described described = member == null ? null : describe(member);
            if (described != null && !present.contains(described.descriptor().id())) {
                all.add(described);
            }
        }
    }

    /** Returns the sections of the families on the class path. */
    Set<String> families() {
        return families;
    }

    /** Adds the companions of all plugins, and theirs, unless there is a plugin of the same id. */
    void addCompanions() {
        for (int next = 0; next < all.size(); next++) {
            for (Plugin companion : companions(all.get(next))) {
                Described described = describe(companion);
                if (described != null && !ids().contains(described.descriptor().id())) {
                    all.add(described);
                }
            }
        }
    }

    private List<Plugin> companions(Described described) {
        onCall.accept("companions() of plugin '" + described.descriptor().id() + "'");
        return UserCode.call(
                () -> List.copyOf(described.plugin().companions()),
                List.of(),
                failure -> problems.add(new ConfigProblem("plugin '"
                        + described.descriptor().id() + "': companions() failed: " + UserCode.describe(failure))));
    }

    /** Returns the next plugin or family that can be made; each that cannot is a problem. */
    private <T> @Nullable T next(Iterator<T> found, Class<T> type) {
        while (true) {
            try {
                return found.next();
            } catch (NoSuchElementException end) {
                return null;
            } catch (ServiceConfigurationError wrong) {
                Throwable cause = wrong.getCause();
                if (cause != null) {
                    UserCode.rethrowIfFatal(cause);
                }
                problems.add(new ConfigProblem("plugins on the class path: " + UserCode.messageOf(wrong)
                        + "; META-INF/services/" + type.getName() + " names classes that implement " + type.getName()));
            }
        }
    }

    private boolean isWanted(PluginDescriptor descriptor) {
        return descriptor.automatic()
                || (!descriptor.sections().isEmpty()
                        && config.hasSection(descriptor.sections().getFirst()));
    }

    private void leaveOut(PluginDescriptor descriptor) {
        if (!descriptor.sections().isEmpty()) {
            String section = descriptor.sections().getFirst().prefix();
            withoutSection.put(descriptor.id(), section);
            for (String capability : descriptor.provides().keySet()) {
                withoutSection.putIfAbsent(capability, section);
            }
        }
    }

    /**
     * Returns what plugins on the class path would provide if their sections were configured: from id or capability to the
     * section that is missing.
     */
    Map<String, String> withoutSection() {
        return withoutSection;
    }

    private @Nullable Described describe(Plugin plugin) {
        String name = plugin.getClass().getName();
        onCall.accept("descriptor() of plugin " + name);
        return UserCode.call(
                () -> {
                    Plugin decorated = decoration.apply(plugin);
                    return new Described(
                            decorated, Objects.requireNonNull(decorated.descriptor(), "descriptor() returned null"));
                },
                null,
                failure -> problems.add(new ConfigProblem("plugin " + name + ": descriptor() failed: "
                        + Objects.requireNonNullElse(
                                UserCode.messageOf(failure), failure.getClass().getName()))));
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    List<PluginDescriptor> descriptors() {
        List<PluginDescriptor> descriptors = new ArrayList<>();
        for (Described described : all) {
            descriptors.add(described.descriptor());
        }
        return descriptors;
    }

    Set<String> ids() {
        Set<String> ids = new HashSet<>();
        for (Described described : all) {
            ids.add(described.descriptor().id());
        }
        return ids;
    }

    Map<String, Plugin> byId() {
        Map<String, Plugin> byId = new LinkedHashMap<>();
        for (Described described : all) {
            byId.put(described.descriptor().id(), described.plugin());
        }
        return byId;
    }
}
