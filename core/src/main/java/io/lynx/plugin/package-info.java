/** What a plugin is, what it is given, and how plugins depend on each other. */
@NullMarked
package io.lynx.plugin;

import org.jspecify.annotations.NullMarked;
