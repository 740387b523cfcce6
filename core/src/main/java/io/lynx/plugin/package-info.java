/**
 * What a plugin is, what it receives, and how plugins depend on each other. What a plugin registers through its
 * {@link io.lynx.plugin.PluginContext} is owned by it and removed when it stops. The API of {@code io.lynx.recovery} comes
 * before this package in the order of packages, so that {@code context.recovery()} can accept strategies.
 */
@NullMarked
package io.lynx.plugin;

import org.jspecify.annotations.NullMarked;
