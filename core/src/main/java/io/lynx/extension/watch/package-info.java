/** Keeps periodic work of the framework alive, whatever one run of it throws. Internal to Lynx. */
@NullMarked
package io.lynx.extension.watch;

import org.jspecify.annotations.NullMarked;
