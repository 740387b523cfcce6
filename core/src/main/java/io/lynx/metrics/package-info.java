/** What the service measures, and how it is exposed. */
@NullMarked
package io.lynx.metrics;

import org.jspecify.annotations.NullMarked;
