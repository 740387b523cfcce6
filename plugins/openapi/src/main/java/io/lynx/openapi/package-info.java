/** Documents of the declared routes in OpenAPI 3.1, and a page to try them. */
@NullMarked
package io.lynx.openapi;

import org.jspecify.annotations.NullMarked;
