/**
 * Reading and writing JSON, independent of a library: an application adds an implementation of {@link io.lynx.json.JsonCodec},
 * such as the module {@code lynx-json-jackson}.
 */
@NullMarked
package io.lynx.json;

import org.jspecify.annotations.NullMarked;
