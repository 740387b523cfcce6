package io.lynx.plugin;

/** What the container does to a plugin. */
public enum PluginOperation {
    /** Its start. */
    START,
    /** Its stop. */
    STOP
}
