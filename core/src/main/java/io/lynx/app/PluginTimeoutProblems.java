package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds timeouts that are configured for plugins that do not exist. Stateless. */
final class PluginTimeoutProblems {
    private static final List<String> PREFIXES =
            List.of("lynx.startup.plugin_timeouts.", "lynx.shutdown.plugin_timeouts.");

    private PluginTimeoutProblems() {}

    static List<ConfigProblem> of(Binding binding, Set<String> plugins) {
        List<ConfigProblem> problems = new ArrayList<>();
        for (ConfigEntry entry : binding.table()) {
            for (String prefix : PREFIXES) {
                if (entry.key().startsWith(prefix)) {
                    String id = entry.key().substring(prefix.length());
                    if (!plugins.contains(id)) {
                        problems.add(new ConfigProblem(entry.key() + ": no plugin '" + id + "' (" + entry.source()
                                + "); " + hint(id, plugins)));
                    }
                }
            }
        }
        return problems;
    }

    private static String hint(String id, Set<String> plugins) {
        String closest = Suggestions.closest(id, plugins);
        return closest != null
                ? "did you mean '" + closest + "'?"
                : "the plugins are " + plugins.stream().sorted().toList();
    }
}
