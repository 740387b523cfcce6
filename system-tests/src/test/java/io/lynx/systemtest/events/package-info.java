/** Events between services in real processes, through a real database and a real broker, all of which fail. */
@NullMarked
package io.lynx.systemtest.events;

import org.jspecify.annotations.NullMarked;
