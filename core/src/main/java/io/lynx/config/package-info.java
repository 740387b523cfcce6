/** Configuration: sources, binding to records, and every problem at once. */
@NullMarked
package io.lynx.config;

import org.jspecify.annotations.NullMarked;
