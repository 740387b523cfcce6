/** The operations endpoints: health and debug pages, on a management port of their own and on the service's. */
@NullMarked
package io.lynx.admin;

import org.jspecify.annotations.NullMarked;
