/** Tools for tests of Lynx services. */
@NullMarked
package io.lynx.testkit;

import org.jspecify.annotations.NullMarked;
