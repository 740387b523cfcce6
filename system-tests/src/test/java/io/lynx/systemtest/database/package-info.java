/** Services in front of a real database. */
@NullMarked
package io.lynx.systemtest.database;

import org.jspecify.annotations.NullMarked;
