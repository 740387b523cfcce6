/** The services under test: small mains, each with one way to behave badly. */
@NullMarked
package io.lynx.systemtest.app;

import org.jspecify.annotations.NullMarked;
