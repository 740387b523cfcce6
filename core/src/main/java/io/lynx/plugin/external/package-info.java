/**
 * The base of plugins for external systems, such as databases, caches and brokers: {@link
 * io.lynx.plugin.external.ExternalSystemPlugin} does what all of them have in common.
 */
@NullMarked
package io.lynx.plugin.external;

import org.jspecify.annotations.NullMarked;
