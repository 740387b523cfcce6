/** Projects of users, outside of this one, that resolve Lynx from the distribution. */
@NullMarked
package io.lynx.systemtest.userproject;

import org.jspecify.annotations.NullMarked;
