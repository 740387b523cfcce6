/** Configuration: its sources, binding to records, and validation that reports all problems at once. */
@NullMarked
package io.lynx.config;

import org.jspecify.annotations.NullMarked;
