/** Real child processes: started, watched, signalled, and always gone at the end of a test. */
@NullMarked
package io.lynx.systemtest.process;

import org.jspecify.annotations.NullMarked;
