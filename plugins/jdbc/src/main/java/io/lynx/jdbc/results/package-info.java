/** Result sets that pass their calls on. */
@NullMarked
package io.lynx.jdbc.results;

import org.jspecify.annotations.NullMarked;
