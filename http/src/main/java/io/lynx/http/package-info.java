/** HTTP: the server plugin, its routes, requests and answers. */
@NullMarked
package io.lynx.http;

import org.jspecify.annotations.NullMarked;
