/** The machinery behind the manager: it records errors, and queues, limits and executes recoveries. Internal. */
@NullMarked
package io.lynx.recovery.run;

import org.jspecify.annotations.NullMarked;
