@NullMarked
package io.lynx.recovery;

import org.jspecify.annotations.NullMarked;
