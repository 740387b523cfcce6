/** Compares the resolved dependencies of the build with published advisories. */
@NullMarked
package io.lynx.systemtest.audit;

import org.jspecify.annotations.NullMarked;
