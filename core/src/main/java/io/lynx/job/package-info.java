/** Jobs that run again and again on a schedule: when they run, what they receive and how a run ended. */
@NullMarked
package io.lynx.job;

import org.jspecify.annotations.NullMarked;
