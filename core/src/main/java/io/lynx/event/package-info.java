/** Events between the parts of a service. */
@NullMarked
package io.lynx.event;

import org.jspecify.annotations.NullMarked;
