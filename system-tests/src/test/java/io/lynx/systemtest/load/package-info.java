/** Open-loop clients that account for every request: answered, refused before it was sent, or lost. */
@NullMarked
package io.lynx.systemtest.load;

import org.jspecify.annotations.NullMarked;
