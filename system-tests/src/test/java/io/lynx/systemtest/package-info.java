/** What a service does as a real process: to signals, under load, and when its surroundings fail it. */
@NullMarked
package io.lynx.systemtest;

import org.jspecify.annotations.NullMarked;
