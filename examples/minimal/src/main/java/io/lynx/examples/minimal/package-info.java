/** The program of the README. */
@NullMarked
package io.lynx.examples.minimal;

import org.jspecify.annotations.NullMarked;
