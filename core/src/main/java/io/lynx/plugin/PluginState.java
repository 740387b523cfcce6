package io.lynx.plugin;

/** Where a plugin is in its life. */
public enum PluginState {
    /** Not started yet, or never to be. */
    NEW,
    /** Its start is running. */
    STARTING,
    /** It runs. */
    RUNNING,
    /** Its start failed, or a thread of it died of an exception. */
    FAILED,
    /** Its stop is running. */
    STOPPING,
    /** It has stopped. */
    STOPPED,
    /** Its start or stop outlived its deadline; what it does from then on is ignored. */
    ABANDONED
}
