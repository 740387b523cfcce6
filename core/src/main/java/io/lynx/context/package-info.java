/** The request that a thread works for: its id, trace, baggage, deadline and principal, bound to the thread. */
@NullMarked
package io.lynx.context;

import org.jspecify.annotations.NullMarked;
