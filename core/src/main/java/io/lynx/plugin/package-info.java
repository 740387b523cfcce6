/**
 * The interface of plugins, the context that they receive, and their dependencies. Everything that a plugin registers
 * through its {@link io.lynx.plugin.PluginContext} is owned by it and removed when it stops. The API of {@code
 * io.lynx.recovery} comes before this package in the order of packages, so that {@code context.recovery()} can accept
 * strategies.
 */
@NullMarked
package io.lynx.plugin;

import org.jspecify.annotations.NullMarked;
