/** JSON by Jackson 3. */
@NullMarked
package io.lynx.json.jackson;

import org.jspecify.annotations.NullMarked;
