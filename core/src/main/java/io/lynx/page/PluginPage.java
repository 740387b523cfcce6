package io.lynx.page;

/**
 * A page or panel that a plugin registered. Immutable.
 *
 * @param plugin the id of the plugin
 * @param name unique among the pages, or among the panels, of an application
 * @param kind where it is shown
 * @param source supplies its content
 */
public record PluginPage(String plugin, String name, Kind kind, PageSource source) {
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
     * @throws IllegalArgumentException if the name is malformed
     */
    public PluginPage {
        if (!PageAction.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("page: '" + name + "' (plugin " + plugin
                    + ") is not a name; write lower-case letters and digits in parts joined by single dashes");
        }
    }
}
