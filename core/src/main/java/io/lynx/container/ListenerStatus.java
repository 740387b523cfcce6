package io.lynx.container;

/**
 * Whether a traffic listener accepts connections. Immutable.
 *
 * @param plugin the id of the plugin that registered it
 * @param name its name
 * @param isAccepting whether clients can connect
 */
public record ListenerStatus(String plugin, String name, boolean isAccepting) {}
