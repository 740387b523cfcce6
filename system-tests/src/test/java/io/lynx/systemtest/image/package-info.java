/** Container images, made and run without a container runtime. */
@NullMarked
package io.lynx.systemtest.image;

import org.jspecify.annotations.NullMarked;
