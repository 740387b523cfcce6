/** The testkit as users of other test frameworks have it. */
@org.jspecify.annotations.NullMarked
package io.lynx.systemtest.testkit;
