/** Leadership: one instance of many does something, holds a lease on it and has a token that fences off earlier leaders. */
@NullMarked
package io.lynx.leadership;

import org.jspecify.annotations.NullMarked;
