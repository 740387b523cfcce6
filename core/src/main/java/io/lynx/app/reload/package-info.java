/** Reloads the configuration of a running application. */
@NullMarked
package io.lynx.app.reload;

import org.jspecify.annotations.NullMarked;
