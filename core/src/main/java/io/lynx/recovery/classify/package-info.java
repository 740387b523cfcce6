/** Classification of exceptions, fingerprints of errors, and the bounding of what is kept of them. Internal. */
@NullMarked
package io.lynx.recovery.classify;

import org.jspecify.annotations.NullMarked;
