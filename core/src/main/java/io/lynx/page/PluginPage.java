package io.lynx.page;

import java.util.Set;

/**
 * A page or panel that a plugin registered. Immutable.
 *
 * @param plugin the id of the plugin
 * @param name unique among the pages, or among the panels, of an application
 * @param kind where it is shown
 * @param source supplies its content
 */
public record PluginPage(String plugin, String name, Kind kind, PageSource source) {
    /** The first parts of the framework's own paths under {@code /debug/}. */
    private static final Set<String> BUILT_IN = Set.of(
            "breakers",
            "components",
            "config",
            "console",
            "error-stats",
            "events",
            "health",
            "health-report",
            "info",
            "loggers",
            "metrics",
            "panels",
            "plugins",
            "requests",
            "shutdown",
            "shutdown-report",
            "threads");

    /** Where content is shown. */
    public enum Kind {
        /** Under {@code /debug/NAME}. */
        PAGE,
        /** As a section of the web console. */
        PANEL
    }

    /**
     * Creates a page.
     *
     * @throws IllegalArgumentException if the name is malformed or that of a page of the framework
     */
    public PluginPage {
        if (!PageAction.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("page: '" + name + "' (plugin " + plugin
                    + ") is not a name; write lower-case letters and digits in parts joined by single dashes");
        }
        if (kind == Kind.PAGE && BUILT_IN.contains(name)) {
            throw new IllegalArgumentException("page: '" + name + "' (plugin " + plugin
                    + ") is the name of a page of the framework; choose another, such as '" + plugin.replace('.', '-')
                    + "-" + name + "'");
        }
    }
}
