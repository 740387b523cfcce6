/** A browser that tests drive, and the pages that it opens. */
@NullMarked
package io.lynx.systemtest.browser;

import org.jspecify.annotations.NullMarked;
