/** How long a service takes from the start of its process to its first answer, and what memory it then holds. */
@NullMarked
package io.lynx.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
