package io.lynx.plugin;

/** The state of a plugin. */
public enum PluginState {
    /** It has not been started. */
    NEW,
    /** Its start is running. */
    STARTING,
    /** It is running. */
    RUNNING,
    /** Its start failed, or an exception escaped from one of its threads. */
    FAILED,
    /** Its stop is running. */
    STOPPING,
    /** It has stopped. */
    STOPPED,
    /** Its start or stop exceeded its deadline and ignored the interrupt; what it does afterwards has no effect. */
    ABANDONED
}
