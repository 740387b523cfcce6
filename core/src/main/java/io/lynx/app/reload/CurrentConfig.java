package io.lynx.app.reload;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.container.PluginServices;
import io.lynx.extension.Registration;
import io.lynx.plugin.PluginDescriptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that is in force and, beside it, the one that was accepted last. They differ in the keys that take effect at
 * the next start of a plugin or of the application. Thread-safe.
 */
public final class CurrentConfig implements PluginServices.Settings {
    private final AtomicReference<State> state;
    private final List<String> profiles;
    private final List<ReloadableSection<?>> ofPlugins = new CopyOnWriteArrayList<>();

    /** Both change together, so that a plugin that starts during a reload gets its section from one of them. */
    private record State(Binding inForce, Binding accepted) {
        State adopt(Set<String> keys) {
            return inForce == accepted ? this : new State(inForce.adopt(accepted, keys), accepted);
        }

        /** Adopts the keys of {@code sections} and of no others that have or extend their prefixes. */
        State adopt(List<ConfigSection<?>> sections) {
            if (inForce == accepted || sections.isEmpty()) {
                return this;
            }
            return adopt(sections.stream()
                    .flatMap(section -> section.keys().stream())
                    .collect(Collectors.toSet()));
        }
    }

    /** Begins with the configuration that was read at the start. */
    public CurrentConfig(Binding atStart, List<String> profiles) {
        this.state = new AtomicReference<>(new State(atStart, atStart));
        this.profiles = List.copyOf(profiles);
    }

    /** Returns the configuration that is in force. */
    public Binding inForce() {
        return state.get().inForce;
    }

    /** Accepts {@code next} and puts {@code keys} of it in force. */
    void accept(Binding next, Set<String> keys) {
        state.updateAndGet(now -> new State(now.inForce, next).adopt(keys));
    }

    @Override
    public <T extends Record> @Nullable T find(ConfigSection<T> section) {
        return inForce().find(section);
    }

    @Override
    public List<String> profiles() {
        return profiles;
    }

    @Override
    public <T extends Record> Registration onReload(ConfigSection<T> section, Set<String> keys, Consumer<T> change) {
        ReloadableSection<T> added = new ReloadableSection<>(section, keys, change);
        ofPlugins.add(added);
        return () -> ofPlugins.remove(added);
    }

    /** Returns the sections that can change now because running plugins have said so. */
    List<ReloadableSection<?>> ofPlugins() {
        return ofPlugins;
    }

    /** Puts the sections of a plugin that starts in force as they were accepted last; the plugin keeps what it finds then. */
    @Override
    public PluginServices.Settings starting(PluginDescriptor plugin) {
        Binding found = state.updateAndGet(now -> now.adopt(plugin.sections())).inForce;
        return new PluginServices.Settings() {
            @Override
            public <T extends Record> @Nullable T find(ConfigSection<T> section) {
                return found.find(section);
            }
        };
    }
}
