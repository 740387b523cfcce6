/** Drivers: how they are found and configured, and the connections that they open. */
@NullMarked
package io.lynx.jdbc.driver;

import org.jspecify.annotations.NullMarked;
