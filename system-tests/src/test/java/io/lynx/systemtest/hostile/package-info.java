/** Clients that attack a service while others use it. */
@org.jspecify.annotations.NullMarked
package io.lynx.systemtest.hostile;
