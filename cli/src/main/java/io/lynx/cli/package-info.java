/** The command line of developers and operators. */
@NullMarked
package io.lynx.cli;

import org.jspecify.annotations.NullMarked;
