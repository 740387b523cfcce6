/** The reference pages, which are made from the code. */
@NullMarked
package io.lynx.systemtest.reference;

import org.jspecify.annotations.NullMarked;
