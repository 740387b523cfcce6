package io.lynx.plugin;

/** An operation of the container on a plugin. */
public enum PluginOperation {
    /** Its start. */
    START,
    /** Its stop. */
    STOP
}
